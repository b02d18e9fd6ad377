export { type Digits, DigitsError, side } from "./digits.ts";
export { drawDigits } from "./draw.ts";
export { readMnist } from "./mnist.ts";
export { stage } from "./stage.ts";
export { anglesBetween } from "./tables.ts";
export { type Frame, type Run, type Settings, type Trained, trainSuperposition } from "./train.ts";

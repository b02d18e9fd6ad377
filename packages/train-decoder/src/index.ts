export { liveEncoder } from "./live.ts";
export { stage } from "./stage.ts";

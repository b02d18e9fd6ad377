export { type Colours, measureColours, typicalColours } from "./colours.ts";
export { type ConvolutionOptions, convolutionPainter } from "./convolution.ts";
export { type FourierOptions, fourierPainter } from "./fourier.ts";
export type { Painter, PainterTensors, PaintOptions } from "./painter.ts";
export { phasePainter } from "./phase.ts";
export { pixelPainter } from "./pixels.ts";
export { measureSpectrum, type Spectrum } from "./spectrum.ts";
export { type TransformerOptions, transformerPainter } from "./transformer.ts";

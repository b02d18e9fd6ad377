/** Painters by name, fitted to the images at hand. */

import { measureColours } from "./colours.ts";
import { convolutionPainter } from "./convolution.ts";
import { fourierPainter } from "./fourier.ts";
import type { Painter } from "./painter.ts";
import { phasePainter } from "./phase.ts";
import { pixelPainter } from "./pixels.ts";
import { measureSpectrum } from "./spectrum.ts";
import { transformerPainter } from "./transformer.ts";

export const painterNames = ["pixels", "fourier", "phase", "convolution", "transformer"] as const;

export interface Sample {
  /** Side of the pictures. */
  readonly size: number;
  /** [n, 3, size, size] in 0..1: what colours and spectra are measured on. */
  readonly images: Float32Array;
}

export function painterOf(name: (typeof painterNames)[number], { size, images }: Sample): Painter {
  switch (name) {
    case "pixels":
      return pixelPainter();
    case "fourier":
      return fourierPainter({ colours: measureColours(images, size) });
    case "phase":
      return phasePainter(measureSpectrum(images, size));
    case "convolution":
      return convolutionPainter({ colours: measureColours(images, size) });
    case "transformer":
      return transformerPainter({ colours: measureColours(images, size) });
  }
}

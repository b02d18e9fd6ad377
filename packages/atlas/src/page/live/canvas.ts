import { type Size, seenPart, toPlanes } from "./pixels.ts";

/**
 * What an encoder sees of a picture: drawn to its size on white, halved step by step, because browsers differ in what
 * they do with pixels that a single large step leaves out.
 */
export function drawForEncoder(
  picture: CanvasImageSource & Size,
  encoder: Size & { readonly resize: "cover" | "squash" },
): HTMLCanvasElement {
  const seen = seenPart(picture, encoder, encoder.resize);
  let { width, height } = seen;
  let from: CanvasImageSource = picture;
  let part = seen;
  for (;;) {
    width = Math.max(encoder.width, Math.round(width / 2));
    height = Math.max(encoder.height, Math.round(height / 2));
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = contextOf(canvas);
    context.fillStyle = "white";
    context.fillRect(0, 0, width, height);
    context.drawImage(from, part.x, part.y, part.width, part.height, 0, 0, width, height);
    if (width === encoder.width && height === encoder.height) return canvas;
    from = canvas;
    part = { x: 0, y: 0, width, height };
  }
}

export function planesOf(canvas: HTMLCanvasElement): Float32Array {
  return toPlanes(contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height).data);
}

/** A picture as a PNG file. */
export function toFile(picture: ImageData): Promise<Blob | undefined> {
  const { width, height } = picture;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  contextOf(canvas).putImageData(picture, 0, 0);
  return fileOf(canvas);
}

export function fileOf(canvas: HTMLCanvasElement): Promise<Blob | undefined> {
  return new Promise((resolve) => canvas.toBlob((file) => resolve(file ?? undefined)));
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("this browser draws on no canvas");
  context.imageSmoothingQuality = "high";
  return context;
}

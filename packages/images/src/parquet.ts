/** Images in Parquet files, in Hugging Face's layout. */
import { ImageError } from "./picture.ts";
import type { ImageSource, ImageSourceSpec } from "./source.ts";

export async function openParquetImages(
  spec: Extract<ImageSourceSpec, { source: "parquet" }>,
): Promise<ImageSource> {
  throw new ImageError(`${spec.path}: Parquet is not read yet`);
}

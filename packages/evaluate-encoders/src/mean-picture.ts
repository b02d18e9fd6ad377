import type { Picture } from "@optogram/images";

/** The mean of pictures of one size, pixel by pixel. */
export class MeanPicture {
  readonly #side: number;
  readonly #sum: Float64Array;
  #count = 0;

  constructor(side: number) {
    this.#side = side;
    this.#sum = new Float64Array(3 * side * side);
  }

  add({ data }: Picture): void {
    for (let i = 0; i < data.length; i++) this.#sum[i] += data[i];
    this.#count++;
  }

  picture(): Picture {
    const data = Uint8Array.from(this.#sum, (sum) => Math.round(sum / this.#count));
    return { width: this.#side, height: this.#side, data };
  }
}

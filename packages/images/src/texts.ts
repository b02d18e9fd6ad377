/** Many short texts in one block of memory: names of a million files take their letters and four bytes each. */
export class Texts {
  #bytes = Buffer.alloc(1024);
  #ends = new Uint32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(text: string): void {
    const start = this.#startOf(this.#length);
    const end = start + Buffer.byteLength(text);
    if (end > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(end, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    if (this.#length === this.#ends.length) {
      const longer = new Uint32Array(2 * this.#length);
      longer.set(this.#ends);
      this.#ends = longer;
    }
    this.#bytes.write(text, start);
    this.#ends[this.#length++] = end;
  }

  at(index: number): string {
    return this.#bytes.toString("utf8", this.#startOf(index), this.#ends[index]);
  }

  #startOf(index: number): number {
    return index === 0 ? 0 : this.#ends[index - 1];
  }
}

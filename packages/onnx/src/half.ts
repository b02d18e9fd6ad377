/** 16-bit floating point and back. */

/** float32 to the bits of float16, rounded to nearest, ties to even; beyond 65,504 it is infinite. */
export function floatToHalf(values: Float32Array): Uint16Array {
  return new Uint16Array(Float16Array.from(values).buffer);
}

/** The bits of float16 to float32; exact. */
export function halfToFloat(bits: Uint16Array): Float32Array {
  return Float32Array.from(new Float16Array(bits.buffer, bits.byteOffset, bits.length));
}

/** The bits of bfloat16, which are the upper half of a float32's, to float32; exact. */
export function bfloatToFloat(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (word) => word << 16).buffer);
}

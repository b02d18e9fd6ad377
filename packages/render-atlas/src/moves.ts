/**
 * Positions of points over frames as one byte a coordinate: what each moved since the frame before, in units of the
 * frame's own scale. The sum of what was written is what moves are counted from, so that errors never add up.
 */

export interface Moves {
  /** By frame: what one unit is worth. */
  readonly scale: Float32Array;
  /** By frame: a signed byte a coordinate. */
  readonly bytes: readonly Uint8Array[];
}

const largest = 127;

/** @param positions [frames, width] */
export function packMoves(positions: Float32Array, width: number): Moves {
  const frames = positions.length / width;
  const scale = new Float32Array(frames);
  const told = new Float64Array(width);
  const bytes = Array.from({ length: frames }, (_, frame) => {
    const now = positions.subarray(frame * width, (frame + 1) * width);
    const furthest = now.reduce((most, value, i) => Math.max(most, Math.abs(value - told[i]!)), 0);
    scale[frame] = furthest / largest;
    const unit = scale[frame] || 1;
    const units = Int8Array.from(now, (value, i) => {
      const whole = Math.max(-largest, Math.min(largest, Math.round((value - told[i]!) / unit)));
      told[i]! += whole * unit;
      return whole;
    });
    return new Uint8Array(units.buffer);
  });
  return { scale, bytes };
}

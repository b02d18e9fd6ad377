/** Sparse matrices in compressed rows, the form in which codes of images are held. */

export type IndexArray = Uint8Array | Uint16Array | Uint32Array | Int32Array;
export type FloatArray = Float32Array | Float64Array;

/** Row i holds `values[p]` at column `indices[p]` for p from `offsets[i]` to `offsets[i + 1]`; zero elsewhere. */
export interface SparseRows {
  /** The number of columns. */
  readonly columns: number;
  /** One more than there are rows. */
  readonly offsets: Uint32Array | Int32Array;
  readonly indices: IndexArray;
  readonly values: FloatArray;
}

/** Throws a one-line error unless offsets ascend, indices lie below `columns` and values are finite. */
export function checkSparse({ columns, offsets, indices, values }: SparseRows): void {
  if (offsets.length === 0 || offsets[0] !== 0) throw new RangeError("sparse rows: offsets start with 0");
  for (let i = 1; i < offsets.length; i++)
    if (offsets[i] < offsets[i - 1]) throw new RangeError(`sparse rows: offsets fall at row ${i - 1}`);
  const total = offsets[offsets.length - 1];
  if (indices.length !== total || values.length !== total)
    throw new RangeError(
      `sparse rows: ${total} entries by offsets, ${indices.length} indices, ${values.length} values`,
    );
  for (let p = 0; p < total; p++) {
    if (indices[p] < 0 || indices[p] >= columns)
      throw new RangeError(`sparse rows: entry ${p} is in column ${indices[p]} of ${columns}`);
    if (!Number.isFinite(values[p])) throw new RangeError(`sparse rows: entry ${p} is ${values[p]}`);
  }
}

/** The same matrix by columns: row j of the result lists, in ascending order, the rows that have column j. */
export function transpose(matrix: SparseRows): SparseRows {
  const { columns, offsets, indices, values } = matrix;
  const rows = offsets.length - 1;
  const starts = new Uint32Array(columns + 1);
  for (let p = 0; p < indices.length; p++) starts[indices[p] + 1]++;
  for (let j = 0; j < columns; j++) starts[j + 1] += starts[j];
  const next = starts.slice(0, columns);
  const rowOf = new Uint32Array(indices.length);
  const moved =
    values instanceof Float32Array ? new Float32Array(values.length) : new Float64Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let p = offsets[i]; p < offsets[i + 1]; p++) {
      const q = next[indices[p]]++;
      rowOf[q] = i;
      moved[q] = values[p];
    }
  return { columns: rows, offsets: starts, indices: rowOf, values: moved };
}

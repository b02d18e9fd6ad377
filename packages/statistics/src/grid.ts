/**
 * Points of the plane to the cells of a grid, one point a cell, near to where they were. Points are pairs x, y
 * from 0 to 1 over the whole grid; cells are numbered row × columns + column; the cost of a cell is the squared
 * distance to its centre, in cells.
 */

export interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/**
 * The cells with the least total cost, exactly: shortest augmenting paths as in `linearAssignment`, where each
 * point looks at cells in rings around it and stops when no further ring can shorten the path. That is what
 * makes 2,500 points on 120 × 120 cells take a fraction of a second; the fuller the grid, the longer it takes.
 *
 * @param points x0, y0, x1, y1, …
 * @returns the cell of each point
 */
export function exactGrid(points: Float32Array | Float64Array, grid: Grid): Uint32Array {
  const { n, x, y } = inCells(points, grid);
  const { columns, rows } = grid;
  const cells = columns * rows;
  const pointPrice = new Float64Array(n);
  const cellPrice = new Float64Array(cells);
  const cellOf = new Int32Array(n).fill(-1);
  const pointOf = new Int32Array(cells).fill(-1);
  const distance = new Float64Array(cells).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(cells);
  const isSettled = new Uint8Array(cells);
  const heap = new CellHeap(distance);
  const seen: number[] = [];
  for (let start = 0; start < n; start++) {
    let best = Number.POSITIVE_INFINITY;
    let end = -1;
    const settled: number[] = [];
    const expand = (point: number, reached: number): void => {
      const base = reached - pointPrice[point];
      eachRing(
        x[point],
        y[point],
        grid,
        (cell, cost) => {
          const through = base + cost - cellPrice[cell];
          if (through < distance[cell] && through < best && !isSettled[cell]) {
            if (distance[cell] === Number.POSITIVE_INFINITY) seen.push(cell);
            distance[cell] = through;
            from[cell] = point;
            if (pointOf[cell] >= 0) heap.push(cell);
            else {
              best = through;
              end = cell;
            }
          }
          // Prices of cells are never positive, so a ring costs at least its distance.
        },
        (least) => base + least < best,
      );
    };
    expand(start, 0);
    for (let cell = heap.pop(best); cell >= 0; cell = heap.pop(best)) {
      settled.push(cell);
      isSettled[cell] = 1;
      expand(pointOf[cell], distance[cell]);
    }
    heap.clear();
    pointPrice[start] += best;
    for (const cell of settled) {
      pointPrice[pointOf[cell]] += best - distance[cell];
      cellPrice[cell] -= best - distance[cell];
      isSettled[cell] = 0;
    }
    for (let cell = end; cell >= 0; ) {
      const point = from[cell];
      const next = cellOf[point];
      cellOf[point] = cell;
      pointOf[cell] = point;
      cell = point === start ? -1 : next;
    }
    for (const cell of seen) distance[cell] = Number.POSITIVE_INFINITY;
    seen.length = 0;
  }
  return Uint32Array.from(cellOf);
}

const swapPasses = 12;

/**
 * Cells by the nearest free one in the order of the points, then improved by moving to free neighbouring cells
 * and swapping with neighbours while that lowers the cost (12 passes at most). For grids where the exact
 * answer takes too long.
 */
export function greedyGrid(points: Float32Array | Float64Array, grid: Grid): Uint32Array {
  const { n, x, y } = inCells(points, grid);
  const { columns, rows } = grid;
  const cellOf = new Uint32Array(n);
  const pointOf = new Int32Array(columns * rows).fill(-1);
  for (let point = 0; point < n; point++) {
    let best = Number.POSITIVE_INFINITY;
    eachRing(
      x[point],
      y[point],
      grid,
      (cell, cost) => {
        if (pointOf[cell] < 0 && cost < best) {
          best = cost;
          cellOf[point] = cell;
        }
      },
      (least) => least < best,
    );
    pointOf[cellOf[point]] = point;
  }
  const cost = (point: number, cell: number): number =>
    point < 0 ? 0 : (x[point] - (cell % columns)) ** 2 + (y[point] - Math.floor(cell / columns)) ** 2;
  const reach = 2;
  for (let pass = 0; pass < swapPasses; pass++) {
    let changed = false;
    for (let point = 0; point < n; point++) {
      const here = cellOf[point];
      const [column, row] = [here % columns, Math.floor(here / columns)];
      let gain = 1e-9;
      let target = -1;
      for (let r = Math.max(0, row - reach); r <= Math.min(rows - 1, row + reach); r++)
        for (let c = Math.max(0, column - reach); c <= Math.min(columns - 1, column + reach); c++) {
          const there = r * columns + c;
          const other = pointOf[there];
          const won = cost(point, here) + cost(other, there) - cost(point, there) - cost(other, here);
          if (won > gain) {
            gain = won;
            target = there;
          }
        }
      if (target < 0) continue;
      const other = pointOf[target];
      pointOf[target] = point;
      pointOf[here] = other;
      cellOf[point] = target;
      if (other >= 0) cellOf[other] = here;
      changed = true;
    }
    if (!changed) break;
  }
  return cellOf;
}

/** Positions in cells: the centre of cell (column, row) is the point (column, row). */
function inCells(points: Float32Array | Float64Array, { columns, rows }: Grid) {
  const n = points.length / 2;
  if (!Number.isInteger(n)) throw new RangeError(`grid: ${points.length} coordinates are not pairs`);
  if (n > columns * rows) throw new RangeError(`grid: ${n} points do not fit ${columns} × ${rows} cells`);
  if (!points.every((v) => v >= 0 && v <= 1))
    throw new RangeError("grid: a coordinate is not between 0 and 1");
  const x = Float64Array.from({ length: n }, (_, i) => points[2 * i] * columns - 0.5);
  const y = Float64Array.from({ length: n }, (_, i) => points[2 * i + 1] * rows - 0.5);
  return { n, x, y };
}

/** Visits cells in square rings around a point, each with its cost, while `wanted(least cost of the ring)`. */
function eachRing(
  x: number,
  y: number,
  { columns, rows }: Grid,
  visit: (cell: number, cost: number) => void,
  wanted: (least: number) => boolean,
): void {
  const column = Math.min(columns - 1, Math.max(0, Math.round(x)));
  const row = Math.min(rows - 1, Math.max(0, Math.round(y)));
  const last = Math.max(column, columns - 1 - column, row, rows - 1 - row);
  for (let ring = 0; ring <= last; ring++) {
    // The point lies within half a cell of the middle one, or of the grid's edge beyond it.
    if (!wanted(ring === 0 ? 0 : (ring - 0.5) ** 2)) return;
    for (let r = Math.max(0, row - ring); r <= Math.min(rows - 1, row + ring); r++) {
      const vertical = (y - r) ** 2;
      const step = r === row - ring || r === row + ring || ring === 0 ? 1 : 2 * ring;
      for (let c = column - ring; c <= column + ring; c += step)
        if (c >= 0 && c < columns) visit(r * columns + c, vertical + (x - c) ** 2);
    }
  }
}

/** A binary heap of cells by their distance; a cell pushed again for a shorter distance leaves a stale entry. */
class CellHeap {
  readonly #distance: Float64Array;
  readonly #cells: number[] = [];
  readonly #keys: number[] = [];

  constructor(distance: Float64Array) {
    this.#distance = distance;
  }

  clear(): void {
    this.#cells.length = 0;
    this.#keys.length = 0;
  }

  push(cell: number): void {
    const cells = this.#cells;
    const keys = this.#keys;
    const key = this.#distance[cell];
    let at = cells.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (keys[parent] <= key) break;
      cells[at] = cells[parent];
      keys[at] = keys[parent];
      at = parent;
    }
    cells[at] = cell;
    keys[at] = key;
  }

  /** The nearest cell that is nearer than `limit`, or −1. */
  pop(limit: number): number {
    for (;;) {
      if (this.#cells.length === 0 || !(this.#keys[0] < limit)) return -1;
      const [cell, key] = [this.#cells[0], this.#keys[0]];
      this.#removeFirst();
      if (key === this.#distance[cell]) return cell;
    }
  }

  #removeFirst(): void {
    const cells = this.#cells;
    const keys = this.#keys;
    const cell = cells.pop() as number;
    const key = keys.pop() as number;
    const size = cells.length;
    if (size === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && keys[child + 1] < keys[child]) child++;
      if (keys[child] >= key) break;
      cells[at] = cells[child];
      keys[at] = keys[child];
      at = child;
    }
    cells[at] = cell;
    keys[at] = key;
  }
}

/**
 * How densely shown examples lie on a map, and where each class has its place there.
 *
 * They are counted on a coarse grid over the unit square, class by class, and the counts are blurred: the fewer examples, the more.
 * A margin of empty cells lets the blur fade out. Arrays in, arrays out.
 */

export const CELLS = 48;
export const MARGIN = 8;
export const SIDE = CELLS + 2 * MARGIN;

const AREA = SIDE * SIDE;
const LEAST_SHARE = 0.3;
/** Nowhere but where a class is about as dense as it gets: one that strays has no place. */
const LEAST_OF_PEAK = 0.3;

export interface Place {
  /** In the unit square, y up. */
  readonly x: number;
  readonly y: number;
}

export interface Crowd {
  /** Examples in each cell of the grid, blurred, rows from the top, shape (SIDE, SIDE). */
  readonly density: Float32Array;
  /** How many examples of each class are shown; the last are of none. */
  readonly counts: readonly number[];
  /** The densest place of each among those where it has its share, if it has any. */
  readonly places: readonly (Place | null)[];
}

/** Count places of shape (N, 2); `codeOf` is the class of an example, the number of classes where it has none, -1 where it is not shown. */
export function countCrowd(
  places: Uint16Array,
  classes: number,
  codeOf: (index: number) => number,
): Crowd {
  const counts = new Array<number>(classes + 1).fill(0);
  const grids = counts.map(() => new Float32Array(AREA));
  let shown = 0;
  for (let i = 0; i < places.length / 2; i++) {
    const code = codeOf(i);
    if (code < 0) continue;
    const column = MARGIN + cellOf(places[2 * i]);
    const row = MARGIN + CELLS - 1 - cellOf(places[2 * i + 1]);
    const grid = grids[code] as Float32Array;
    const at = row * SIDE + column;
    grid[at] = (grid[at] as number) + 1;
    (counts[code] as number)++;
    shown++;
  }
  const kept = Math.max(0.45, 0.8 - 6 / Math.sqrt(shown));
  const density = new Float32Array(AREA);
  for (const [code, grid] of grids.entries()) {
    if (counts[code] === 0) continue;
    blur(grid, kept);
    for (let at = 0; at < AREA; at++) density[at] = (density[at] as number) + (grid[at] as number);
  }
  const found = grids.map((grid) => placeOf(grid, density));
  blur(density, kept);
  return { density, counts, places: found };
}

/** Coordinates are 0..65535. */
function cellOf(coordinate = 0): number {
  return (coordinate * CELLS) >> 16;
}

function placeOf(grid: Float32Array, density: Float32Array): Place | null {
  let [peak, most, best] = [0, 0, 0];
  grid.forEach((here, at) => {
    peak = Math.max(peak, here);
    if (here <= most || here < LEAST_SHARE * (density[at] as number)) return;
    most = here;
    best = at;
  });
  if (most <= LEAST_OF_PEAK * peak) return null;
  const row = Math.floor(best / SIDE);
  return { x: ((best % SIDE) - MARGIN + 0.5) / CELLS, y: 1 - (row - MARGIN + 0.5) / CELLS };
}

/** Let each cell keep a share of its own and take the rest from the one before, along rows and columns, there and back. */
function blur(grid: Float32Array, kept: number): void {
  for (let pass = 0; pass < 4; pass++) {
    const along = pass & 1 ? SIDE : 1;
    const step = pass & 2 ? -along : along;
    for (let line = 0; line < SIDE; line++) {
      let at = (line * SIDE) / along + (pass & 2 ? (SIDE - 1) * along : 0);
      for (let i = 0, value = 0; i < SIDE; i++, at += step) {
        value += ((grid[at] as number) - value) * kept;
        grid[at] = value;
      }
    }
  }
}

/**
 * The groups of difficulty, found again in the page when their boundaries move.
 *
 * The rules are those of `depthviz.difficulty.difficulty_groups`, to the last tie, so that the page and Python never
 * disagree: low is at or below, high at or above; where the two meet, a depth that is both is low if none lies below it,
 * high if none lies above it, and else neither; depths are compared in float32; quantiles interpolate linearly.
 */
import type { CodeColumn, Column } from "./columns";
import { twoDepths } from "./depths";
import type { PlaneInfo } from "./manifest";

export type Boundaries = PlaneInfo["boundaries"];

/** By train side and validation side, each low before high, as Python numbers them. */
const CORNERS = [
  "easy",
  "looks like a different class",
  "ambiguous unless the label is given",
  "ambiguous",
] as const;
const BETWEEN = "intermediate";

export interface Grouping {
  /** The boundaries that the study came with. */
  readonly initial: Boundaries;
  /** The quantile that they were taken at, where the study says so. */
  readonly initialQ: number | null;
  /** The column that is written to. */
  readonly column: CodeColumn;
  /** Write the group of each example by these boundaries. */
  assign(boundaries: Boundaries): void;
  /** Where the q-quantile and the (1 - q)-quantile of both depths lie. */
  atQuantile(q: number): Boundaries;
}

/** Groups that can be moved, or null where the study has none, or not those of `difficulty_groups`. */
export function createGrouping(
  plane: PlaneInfo | null,
  columns: ReadonlyMap<string, Column>,
): Grouping | null {
  const group = columns.get("group");
  const [trained, heldOut] = twoDepths(columns).map((name) => columns.get(name));
  if (!plane || group?.type !== "code") return null;
  if (trained?.type !== "number" || heldOut?.type !== "number") return null;
  const codeOf = [...CORNERS, BETWEEN].map((name) => plane.names.indexOf(name));
  if (codeOf.includes(-1)) return null;
  const given = group.codes;
  const column = { ...group, codes: given.slice() };
  const axes = [createAxis(trained.values), createAxis(heldOut.values)] as const;
  const initial = plane.boundaries;
  const initialQ = plane.q ?? null;

  return {
    initial,
    initialQ,
    column,
    assign(boundaries) {
      // The study's own groups may rest on more digits than the depths have here.
      if (sameBoundaries(boundaries, initial)) column.codes.set(given);
      else regroup(axes, boundaries, column, codeOf);
    },
    atQuantile(q) {
      if (q === initialQ) return initial;
      return [...axes[0].ends(q), ...axes[1].ends(q)] as unknown as Boundaries;
    },
  };
}

export function sameBoundaries(a: Boundaries, b: Boundaries): boolean {
  return a.every((end, i) => end === b[i]);
}

/** Four numbers in order, or null. */
export function readBoundaries(raw: unknown): Boundaries | null {
  if (!Array.isArray(raw) || raw.length !== 4 || !raw.every(Number.isFinite)) return null;
  const [trainLow, trainHigh, heldOutLow, heldOutHigh] = raw as unknown as Boundaries;
  if (trainLow > trainHigh || heldOutLow > heldOutHigh) return null;
  return [trainLow, trainHigh, heldOutLow, heldOutHigh];
}

interface Axis {
  readonly depths: Float32Array;
  /** Which value of -1, 0 and 1 a depth exactly at both ends has. */
  tie(start: number): number;
  ends(q: number): readonly [number, number];
}

function createAxis(depths: Float32Array): Axis {
  const known = depths.filter((depth) => !Number.isNaN(depth)).sort();
  return {
    depths,
    tie(start) {
      const noneBelow = known.length > 0 && start <= (known[0] as number);
      const noneAbove = known.length > 0 && start >= (known.at(-1) as number);
      return Number(noneAbove) - Number(noneBelow);
    },
    ends: (q) => [quantile(known, q), quantile(known, 1 - q)],
  };
}

/** Linear between the two nearest, as Python takes it. */
function quantile(known: Float32Array, q: number): number {
  const position = q * (known.length - 1);
  const near = Math.round(position);
  // 0.35 of 180 is 62.99999999999999, and yet a whole position.
  if (Math.abs(position - near) <= Math.max(1e-9, 1e-14 * Math.max(position, near))) {
    return known[near] ?? 0;
  }
  const below = known[Math.floor(position)] ?? 0;
  const above = known[Math.ceil(position)] ?? 0;
  return below + (above - below) * (position - Math.floor(position));
}

function regroup(
  [trained, heldOut]: readonly [Axis, Axis],
  [trainLow, trainHigh, heldOutLow, heldOutHigh]: Boundaries,
  { codes, missing }: CodeColumn,
  codeOf: readonly number[],
): void {
  const across = createSide(trained, trainLow, trainHigh);
  const up = createSide(heldOut, heldOutLow, heldOutHigh);
  const between = codeOf[4] as number;
  for (let i = 0; i < codes.length; i++) {
    const [x, y] = [trained.depths[i] as number, heldOut.depths[i] as number];
    const [right, top] = [across(x), up(y)];
    if (Number.isNaN(x) || Number.isNaN(y)) codes[i] = missing;
    else if (right === 0 || top === 0) codes[i] = between;
    else codes[i] = codeOf[(right + 1) / 2 + top + 1] as number;
  }
}

/** -1 for low, 1 for high, 0 for neither. */
function createSide(axis: Axis, low: number, high: number): (depth: number) => number {
  const [start, end] = [Math.fround(low), Math.fround(high)];
  const tie = start < end ? 0 : axis.tie(start);
  return (depth) => {
    if (start >= end && depth === start) return tie;
    return Number(depth >= end) - Number(depth <= start);
  };
}

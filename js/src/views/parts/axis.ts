/**
 * The axes of a plane of two columns: where a value lies, which cell an example is in.
 */
import { type Bins, tidy } from "../../store/filters/bins";
import type { Codes } from "../../store/filters/conditions";
import type { RangeFilter } from "../../store/filters/filters";

export interface Axis {
  /** The column that runs along it. */
  readonly name: string;
  readonly title: string;
  /** The cell of each example; `cells` or more where it has no value. */
  readonly codes: Codes;
  readonly cells: number;
  /** Where cell i begins, and the one before it ends. */
  edge(cell: number): number;
  /** 0 at the start of the axis, 1 at its end; values beyond stay at the ends. */
  share(value: number): number;
  /** The value at a share, to the grain, within what a boundary can be. */
  valueAt(share: number): number;
  /** The least that a pointer or a key moves by. */
  readonly grain: number;
  readonly least: number;
  readonly most: number;
}

const CELLS = 24;
const MARGIN = 0.05;

/** Depths 0..last: every whole depth is the middle of a cell if they are few, and there is space beyond both ends. */
export function depthAxis(name: string, title: string, depths: Float32Array, last: number): Axis {
  const perUnit = last > 2 * CELLS ? (2 * CELLS) / last : Math.max(1, Math.round(CELLS / last));
  const beyond = Math.max(0.5 / perUnit, MARGIN * last);
  const cells = Math.round(last * perUnit) + 1;
  const codes = new Uint16Array(depths.length);
  for (let i = 0; i < depths.length; i++) {
    const depth = depths[i] as number;
    codes[i] = Number.isNaN(depth) ? 65535 : Math.round(depth * perUnit);
  }
  const span = { start: -beyond, end: last + beyond, least: 0, most: last, grain: grainOf(last) };
  const edge = (cell: number) => (cell - 0.5) / perUnit;
  return { name, title, codes, cells, edge, ...along(span) };
}

/** The bins of a histogram. */
export function binAxis(name: string, title: string, bins: Bins): Axis {
  const { low, width, codes, bins: cells, whole } = bins;
  const start = whole ? low - 0.5 : low;
  const end = start + Math.max(1, cells) * width;
  const [least, most] = whole ? [low, low + Math.max(0, cells - 1)] : [low, end];
  const span = { start, end, least, most, grain: whole ? 1 : tidy(width / 5) };
  const edge = (cell: number) => start + cell * width;
  return { name, title, codes, cells, edge, ...along(span) };
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly least: number;
  readonly most: number;
  readonly grain: number;
}

function along({ start, end, least, most, grain }: Span) {
  return {
    least,
    most,
    grain,
    share: (value: number) => clamp((value - start) / (end - start), 0, 1),
    valueAt: (share: number) =>
      clamp(tidy(Math.round((start + share * (end - start)) / grain) * grain), least, most),
  };
}

/** What two ends keep; an end of the axis is open, so that what lies beyond it is kept too. */
export function rangeBetween({ least, most }: Axis, a: number, b: number): RangeFilter {
  const [from, to] = [Math.min(a, b), Math.max(a, b)];
  return { ...(from > least ? { from } : {}), ...(to < most ? { to } : {}) };
}

/** About a two hundredth, of a round width. */
function grainOf(last: number): number {
  return [0.01, 0.02, 0.05, 0.1, 0.2].find((grain) => last / grain <= 250) ?? 0.5;
}

/** Whether a range keeps some values and not others; missing ones alone are no values. */
export function isNarrowed(range: RangeFilter | undefined): range is RangeFilter {
  return range !== undefined && (range.from !== undefined || range.to !== undefined);
}

/** What a brush keeps: missing ones stay kept in addition; without ends all are kept, which is no filter. */
export function keepMissing(range: RangeFilter, before: RangeFilter | undefined): RangeFilter {
  return isNarrowed(range) && before?.missing ? { ...range, missing: true } : range;
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

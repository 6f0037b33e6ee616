/**
 * Where examples stand by two columns of numbers, in place of the map.
 *
 * An axis covers what the column's histogram covers: the few values that lie far out stand at its ends. A column that takes few
 * values spreads its points a little around each, always the same way. An example without a value of both has no place.
 */
import type { NumberColumn } from "../../../store/columns";
import type { Bins } from "../../../store/filters/bins";
import type { Axes } from "../../../store/saved_state";
import type { Store } from "../../../store/store";
import { clamp } from "../../parts/axis";

/** The axes in the unit square: room for ticks and names before them, for half a point after them. */
export const START = 0.1;
export const END = 0.98;

export interface Ruler {
  readonly title: string;
  /** The ends of what the axis tells apart; values beyond stand at them. */
  readonly least: number;
  readonly most: number;
  /** How far the axis runs beyond both. */
  readonly margin: number;
  /** Values are whole numbers. */
  readonly whole: boolean;
  readonly cutsLow: boolean;
  readonly cutsHigh: boolean;
  /** The column takes few values, and this is the least way between two; else 0. */
  readonly gap: number;
}

export interface ColumnPlaces {
  /** Shape (1, N, 2), 0..65535. */
  readonly positions: Uint16Array;
  /** 1 for each example that has a place, shape (N,). */
  readonly known: Uint8Array;
  readonly missing: number;
  readonly rulers: readonly [across: Ruler, up: Ruler];
}

const FULL = 65535;
/** Share of the way to the next value that points are spread over. */
const SPREAD = 0.6;
const MOST_VALUES = 64;

export function placeByColumns(store: Store, axes: Axes): ColumnPlaces {
  const { count } = store.manifest;
  const positions = new Uint16Array(2 * count);
  const known = new Uint8Array(count).fill(1);
  const rulers = axes.map((name, axis) => {
    const { info, values } = store.columns.get(name) as NumberColumn;
    const ruler = rulerOf(info.title, values, store.bins(name) as Bins);
    for (let i = 0; i < count; i++) {
      const value = values[i] as number;
      if (Number.isNaN(value)) known[i] = 0;
      const spread = ruler.gap * SPREAD * (noise(i, axis) - 0.5);
      const place = placeOn(ruler, clamp(value, ruler.least, ruler.most) + spread);
      positions[2 * i + axis] = Math.round(FULL * place);
    }
    return ruler;
  });
  const missing = known.reduce((sum, has) => sum + 1 - has, 0);
  return { positions, known, missing, rulers: rulers as [Ruler, Ruler] };
}

/** Where a value stands on its axis, in the unit square. */
export function placeOn({ least, most, margin }: Ruler, value: number): number {
  const share = (value - least + margin) / (most - least + 2 * margin);
  return START + (END - START) * share;
}

function rulerOf(title: string, values: Float32Array, bins: Bins): Ruler {
  const { low: least, width, whole } = bins;
  const most = least + width * Math.max(Number(!whole), bins.bins - Number(whole));
  const gap = gapOf(values, Math.max(1, most - least));
  const margin = Math.max(Number(whole), gap) / 2;
  const cutsLow = values.some((value) => value < least);
  const cutsHigh = values.some((value) => value > most);
  return { title, least, most, margin, whole, cutsLow, cutsHigh, gap };
}

/** The least way between two values where there are few of them, `most` where there is one; else 0. */
function gapOf(values: Float32Array, most: number): number {
  const distinct = new Set<number>();
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    count++;
    if (distinct.add(value).size > MOST_VALUES) return 0;
  }
  if (2 * distinct.size > count) return 0;
  const sorted = [...distinct].sort((a, b) => a - b);
  return Math.min(most, ...sorted.slice(1).map((value, i) => value - (sorted[i] as number)));
}

/** In 0..1, the same for an example at any time. */
function noise(index: number, axis: number): number {
  const mixed = Math.imul(2 * index + axis + 1, 0x9e3779b1);
  const hash = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

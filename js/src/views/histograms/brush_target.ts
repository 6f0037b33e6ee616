/**
 * The range of one column that a brush over its histogram reads and changes: its two ends on the axis, and how they are kept.
 */
import type { RangeFilter } from "../../store/filters/filters";
import type { Store } from "../../store/store";
import { type Axis, clamp, keepMissing, rangeBetween } from "../parts/axis";

export type Ends = readonly [from: number, to: number];

export interface BrushTarget {
  range(): RangeFilter | undefined;
  /** Both ends on the axis; those of the axis where the range is open. */
  ends(): Ends;
  keep(range: RangeFilter): void;
  /** Move one end as far as the other lets it. */
  moveEnd(which: 0 | 1, value: number): void;
}

export function createBrushTarget(store: Store, name: string, axis: Axis): BrushTarget {
  const range = () => store.filters.range(name);
  const ends = () => endsOf(range(), axis);
  const keep = (kept: RangeFilter) => store.setFilter(name, keepMissing(kept, range()));
  return {
    range,
    ends,
    keep,
    moveEnd(which, value) {
      const [from, to] = ends();
      if (which === 0) keep(rangeBetween(axis, clamp(value, axis.least, to), to));
      else keep(rangeBetween(axis, from, clamp(value, from, axis.most)));
    },
  };
}

function endsOf(range: RangeFilter | undefined, axis: Axis): Ends {
  return [
    clamp(range?.from ?? axis.least, axis.least, axis.most),
    clamp(range?.to ?? axis.most, axis.least, axis.most),
  ];
}

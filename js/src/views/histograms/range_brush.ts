/**
 * The brush over a histogram: what a pointer does to the range that is kept.
 *
 * A drag keeps what it passes, one that begins inside the brush moves it, one that begins at an end moves that. A click clears
 * the range, or keeps one bar where there is none.
 */

import { type Bins, tidy } from "../../store/filters/bins";
import type { RangeFilter } from "../../store/filters/filters";
import { type Axis, clamp, isNarrowed, rangeBetween } from "../parts/axis";
import { boxOf } from "../parts/dom";
import { type DragHandlers, onDrag } from "../parts/interaction";
import type { BrushTarget, Ends } from "./brush_target";

/** Pixels that the pointer may move in a click. */
const CLICK_PIXELS = 3;

/** The bar of a whole number belongs to it from edge to edge. */
export function startOf(axis: Axis, { whole }: Bins, from: number): number {
  return axis.share(whole ? from - 0.5 : from);
}

export function endOf(axis: Axis, { whole }: Bins, to: number): number {
  return axis.share(whole ? to + 0.5 : to);
}

type Brush =
  | { readonly kind: "end"; readonly which: 0 | 1 }
  | { readonly kind: "move"; readonly ends: Ends; readonly from: number }
  | { readonly kind: "new"; readonly from: number };

/** Let a pointer change the range over a plot. */
export function brushRange(
  plot: HTMLElement,
  axis: Axis,
  bins: Bins,
  target: BrushTarget,
  signal: AbortSignal,
): void {
  const shareAt = ({ clientX }: PointerEvent): number => {
    const { left, width } = boxOf(plot);
    return clamp((clientX - left) / (width || 1), 0, 1);
  };
  const handlers: DragHandlers<{ readonly brush: Brush; readonly pressedAt: number }> = {
    start(event) {
      const end = [...plot.querySelectorAll(".end")].indexOf(event.target as Element);
      const brush: Brush =
        end >= 0
          ? { kind: "end", which: end as 0 | 1 }
          : brushAt(shareAt(event), axis, bins, target);
      return { brush, pressedAt: event.clientX };
    },
    move(event, { brush, pressedAt }, moved) {
      if (!moved && Math.abs(event.clientX - pressedAt) < CLICK_PIXELS) return false;
      const value = axis.valueAt(shareAt(event));
      if (brush.kind === "end") target.moveEnd(brush.which, value);
      else if (brush.kind === "new") target.keep(rangeBetween(axis, brush.from, value));
      else target.keep(rangeBetween(axis, ...shifted(brush.ends, value - brush.from, axis)));
      return true;
    },
    end(event, { brush }, moved) {
      if (moved || brush.kind === "end") return;
      const range = target.range();
      target.keep(isNarrowed(range) ? {} : barAt(shareAt(event), axis, bins));
    },
  };
  onDrag(plot, handlers, { signal, capture: "press" });
}

/** What a press inside the plot begins: moving the range under it, or a new one. */
function brushAt(share: number, axis: Axis, bins: Bins, target: BrushTarget): Brush {
  const ends = target.ends();
  const inside = share >= startOf(axis, bins, ends[0]) && share <= endOf(axis, bins, ends[1]);
  const from = axis.valueAt(share);
  return inside && isNarrowed(target.range())
    ? { kind: "move", ends, from }
    : { kind: "new", from };
}

/** The range of one bar. */
function barAt(share: number, axis: Axis, bins: Bins): RangeFilter {
  const bin = Math.min(bins.bins - 1, Math.floor(share * bins.bins));
  const low = tidy(bins.low + bin * bins.width);
  const high = bins.whole ? low : tidy(low + bins.width);
  return bins.bins === 1 ? { from: low, to: high } : rangeBetween(axis, low, high);
}

function shifted([from, to]: Ends, by: number, { least, most }: Axis): Ends {
  const possible = clamp(by, least - from, most - to);
  return [tidy(from + possible), tidy(to + possible)];
}

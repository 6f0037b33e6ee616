/**
 * The brush over a histogram: what a pointer does to the range that is kept.
 *
 * A drag keeps what it passes, one that begins inside the brush moves it, one that begins at an end moves that. A click lets go,
 * or keeps one bar where nothing is kept.
 */
import { type Bins, tidy } from "../../store/filters/bins";
import type { RangeFilter } from "../../store/filters/filters";
import { type Axis, clamp, isNarrowed, rangeBetween } from "../parts/axis";

/** Pixels that a hand may tremble in a click. */
const TREMBLE = 3;

export type Ends = readonly [from: number, to: number];

export function endsOf(range: RangeFilter | undefined, axis: Axis): Ends {
  return [
    clamp(range?.from ?? axis.least, axis.least, axis.most),
    clamp(range?.to ?? axis.most, axis.least, axis.most),
  ];
}

/** The bar of a whole number belongs to it from edge to edge. */
export function startOf(axis: Axis, { whole }: Bins, from: number): number {
  return axis.share(whole ? from - 0.5 : from);
}

export function endOf(axis: Axis, { whole }: Bins, to: number): number {
  return axis.share(whole ? to + 0.5 : to);
}

export interface Hand {
  range(): RangeFilter | undefined;
  keep(range: RangeFilter): void;
  moveEnd(which: 0 | 1, value: number): void;
  readonly signal: AbortSignal;
}

type Drag =
  | { readonly kind: "end"; readonly which: 0 | 1 }
  | { readonly kind: "move"; readonly ends: Ends; readonly grip: number }
  | { readonly kind: "new"; readonly start: number };

export function brushRange(plot: HTMLElement, axis: Axis, bins: Bins, hand: Hand): void {
  let drag: Drag | null = null;
  let pressedAt = 0;
  let moved = false;
  const on = (
    type: "pointerdown" | "pointermove" | "pointerup" | "pointercancel",
    act: (event: PointerEvent) => void,
  ) => plot.addEventListener(type, act, { signal: hand.signal });

  const shareAt = ({ clientX }: PointerEvent): number => {
    const { left, width } = plot.getBoundingClientRect();
    return clamp((clientX - left) / (width || 1), 0, 1);
  };
  const beginAt = (event: PointerEvent): Drag => {
    const end = [...plot.querySelectorAll(".end")].indexOf(event.target as Element);
    if (end >= 0) return { kind: "end", which: end as 0 | 1 };
    const share = shareAt(event);
    const ends = endsOf(hand.range(), axis);
    const inside = share >= startOf(axis, bins, ends[0]) && share <= endOf(axis, bins, ends[1]);
    if (inside && isNarrowed(hand.range())) {
      return { kind: "move", ends, grip: axis.valueAt(share) };
    }
    return { kind: "new", start: axis.valueAt(share) };
  };

  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    drag = beginAt(event);
    moved = false;
    pressedAt = event.clientX;
    plot.setPointerCapture(event.pointerId);
  });
  on("pointermove", (event) => {
    if (!drag || event.buttons === 0) return;
    if (!moved && Math.abs(event.clientX - pressedAt) < TREMBLE) return;
    moved = true;
    const value = axis.valueAt(shareAt(event));
    if (drag.kind === "end") hand.moveEnd(drag.which, value);
    else if (drag.kind === "new") hand.keep(rangeBetween(axis, drag.start, value));
    else hand.keep(rangeBetween(axis, ...shifted(drag.ends, value - drag.grip, axis)));
  });
  on("pointerup", (event) => {
    if (drag && !moved && drag.kind !== "end") click(shareAt(event));
    drag = null;
  });
  on("pointercancel", () => {
    drag = null;
  });

  /** Without a brush a click keeps one bar. */
  function click(share: number): void {
    if (isNarrowed(hand.range())) hand.keep({});
    else {
      const bin = Math.min(bins.bins - 1, Math.floor(share * bins.bins));
      const low = tidy(bins.low + bin * bins.width);
      const high = bins.whole ? low : tidy(low + bins.width);
      hand.keep(bins.bins === 1 ? { from: low, to: high } : rangeBetween(axis, low, high));
    }
  }
}

function shifted([from, to]: Ends, by: number, { least, most }: Axis): Ends {
  const room = clamp(by, least - from, most - to);
  return [tidy(from + room), tidy(to + room)];
}

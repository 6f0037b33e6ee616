/**
 * The two ends of a brushed range as sliders, moved by the arrow keys; the brush drags them.
 */
import type { Bins } from "../../store/filters/bins";
import { exactNumber } from "../../store/filters/filter_words";
import type { Axis } from "../parts/axis";
import { h } from "../parts/dom";
import { slider } from "../parts/slider";
import type { BrushTarget } from "./brush_target";

const LARGE = 5;

export interface RangeEnds {
  readonly elements: readonly HTMLElement[];
  /** Place the ends at shares of the axis. */
  paint(start: number, end: number): void;
}

export function createRangeEnds(
  title: string,
  axis: Axis,
  bins: Bins,
  target: BrushTarget,
  signal: AbortSignal,
): RangeEnds {
  const ends = ([0, 1] as const).map((which) => {
    const element = createEnd(which === 0 ? "from" : "to", title);
    const value = () => target.ends()[which];
    const control = slider(element, {
      signal,
      value,
      range() {
        const [from, to] = target.ends();
        return which === 0 ? [axis.least, to] : [from, axis.most];
      },
      step: bins.width,
      origin: axis.least,
      large: LARGE,
      moveTo: (to) => target.moveEnd(which, to),
    });
    return { element, value, control };
  });
  return {
    elements: ends.map(({ element }) => element),
    paint(...shares) {
      ends.forEach(({ element, value, control }, which) => {
        element.style.left = `${100 * (shares[which] as number)}%`;
        control.describe(exactNumber(value()));
      });
    },
  };
}

function createEnd(which: "from" | "to", title: string): HTMLElement {
  return h("div", {
    class: `end ${which}`,
    "aria-label": `${title}, ${which}`,
    title: `${which}: drag, or move by arrow keys`,
    control: `range-${which}`,
  });
}

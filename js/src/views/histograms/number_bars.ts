/**
 * The drawing of a histogram of numbers: a bar for each bin, on the pale ground of all examples.
 */
import type { Bins } from "../../store/filters/bins";
import { setAttribute, svg } from "../parts/dom";

const TALL = 100;

export interface NumberBars {
  readonly element: SVGSVGElement;
  /** Draw the counts of all bins. */
  paint(counts: Uint32Array): void;
}

export function createNumberBars(bins: Bins): NumberBars {
  const all = countAll(bins);
  const most = all.subarray(0, bins.bins).reduce((a, b) => Math.max(a, b), 1);
  const fill = svg("path", { class: "fill" });
  const view = {
    viewBox: `0 0 ${Math.max(1, bins.bins)} ${TALL}`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  };
  const ground = svg("path", { class: "ground", d: barsOf(all, bins.bins, most) });
  return {
    element: svg("svg", view, ground, fill),
    paint(counts) {
      setAttribute(fill, "d", barsOf(counts, bins.bins, most));
    },
  };
}

function countAll({ codes, size }: Bins): Uint32Array {
  const counts = new Uint32Array(size);
  for (const code of codes) counts[code] = (counts[code] as number) + 1;
  return counts;
}

/** One path for all bars; even one example is seen. */
function barsOf(counts: Uint32Array, bins: number, most: number): string {
  let path = "";
  for (let bin = 0; bin < bins; bin++) {
    const count = counts[bin] as number;
    if (count === 0) continue;
    const top = TALL - Math.max(2, Math.round((TALL * count) / most));
    path += `M${bin + 0.06} ${TALL}V${top}h.88V${TALL}z`;
  }
  return path;
}

/**
 * The ticks of the probe axis: one a probe, with its name where that fits next to the others.
 */
import { h, setAttribute } from "../parts/dom";

export interface Ticks {
  readonly element: HTMLElement;
  /** Mark the current probe, and show the names that fit. */
  paint(current: number): void;
}

const LETTER_PX = 6.6;
const MOST_PX = 200;
const GAP_PX = 4;

export function createTicks(probes: readonly string[]): Ticks {
  const ticks = probes.map((name, i) => {
    const text = h("span", { class: "tick-name" }, name);
    return h("span", { class: "tick", "data-probe": i, title: name }, text);
  });
  const element = h("div", { class: "ticks", "aria-hidden": "true" }, ...ticks);
  return { element, paint: (current) => placeTicks(ticks, current, element.clientWidth) };
}

/** Show as many names as fit side by side: the current one, both ends, then the rest in order. */
function placeTicks(ticks: readonly HTMLElement[], current: number, width: number): void {
  const last = ticks.length - 1;
  const most = Math.min(MOST_PX, width);
  const taken: Span[] = [];
  for (const i of new Set([current, 0, last, ...ticks.keys()])) {
    const tick = ticks[i];
    if (!tick) continue;
    const share = last > 0 ? i / last : 0.5;
    const size = Math.min(most, (tick.textContent ?? "").length * LETTER_PX);
    const span = spanOf(share * width, size, width);
    const fits = taken.every(({ from, to }) => span.to < from || span.from > to);
    if (fits) taken.push(span);
    tick.style.left = `${100 * share}%`;
    tick.style.setProperty("--dv-most", `${most}px`);
    tick.style.setProperty("--dv-shift", `${fits ? span.shift : 0}px`);
    setAttribute(tick, "data-quiet", !fits);
    setAttribute(tick, "data-current", i === current);
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
  /** How far the name is moved off the middle of its tick, to stay on the axis. */
  readonly shift: number;
}

function spanOf(at: number, size: number, width: number): Span {
  const from = Math.max(0, Math.min(at - size / 2, width - size));
  return { from: from - GAP_PX, to: from + size + GAP_PX, shift: from + size / 2 - at };
}

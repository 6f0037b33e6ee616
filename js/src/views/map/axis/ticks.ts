/**
 * The ticks of the probe axis: one a probe, with the shortest name that tells it apart.
 *
 * Names that do not fit side by side stand on two levels, or three; where even that is too little, those of every second, third …
 * probe are seen, and always that of the current one.
 */
import { shortProbeNames } from "../../../store/probes/probe_names";
import { h, setAttribute } from "../../parts/dom";

export interface Ticks {
  readonly element: HTMLElement;
  /** Mark the current probe, and show the names that fit in a width of pixels. */
  paint(current: number): void;
}

const LETTER_PX = 6.8;
const GAP_PX = 8;
const MOST_LEVELS = 3;

export function createTicks(probes: readonly string[]): Ticks {
  const names = shortProbeNames(probes);
  const ticks = probes.map((full, i) => {
    const text = h("span", { class: "tick-name" }, names[i] ?? full);
    return h("span", { class: "tick", "data-probe": i, title: full }, text);
  });
  const element = h("div", { class: "ticks", "aria-hidden": "true" }, ...ticks);
  return {
    element,
    paint(current) {
      const { levels, every, most } = fitNames(names, element.clientWidth);
      setAttribute(element, "data-levels", levels);
      ticks.forEach((tick, i) => {
        const seen = i % every === 0 || i === current;
        const hides =
          i !== current && seen && Math.abs(i - current) < every && i % every !== current % every;
        tick.style.left = `${(100 * (i + 0.5)) / Math.max(1, ticks.length)}%`;
        tick.style.setProperty("--dv-level", String(Math.floor(i / every) % levels));
        tick.style.setProperty("--dv-most", `${most}px`);
        setAttribute(tick, "data-quiet", !seen || hides);
        setAttribute(tick, "data-current", i === current);
      });
    },
  };
}

export interface NameFit {
  /** On how many levels names stand. */
  readonly levels: number;
  /** The name of each so-many-th probe is seen. */
  readonly every: number;
  /** How wide a name may be, in pixels. */
  readonly most: number;
}

export function fitNames(names: readonly string[], width: number): NameFit {
  const band = width / Math.max(1, names.length);
  const longest = Math.max(0, ...names.map((name) => name.length)) * LETTER_PX + GAP_PX;
  for (let every = 1; every < names.length; every++) {
    for (let levels = 1; levels <= MOST_LEVELS; levels++) {
      const most = every * levels * band;
      if (longest <= most) return { levels, every, most };
      // A name that is long by itself is cut at its end before others go.
      if (levels === MOST_LEVELS && most >= 13 * LETTER_PX) return { levels, every, most };
    }
  }
  return { levels: 1, every: Math.max(1, names.length), most: width };
}

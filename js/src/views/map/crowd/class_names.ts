/**
 * The names of classes on the map, each at the place where its examples are densest, none over another.
 *
 * The largest classes choose first. They are for the eye alone: what they say stands in the legend too.
 */
import type { Scatter } from "../../../scatter";
import { h, setAttribute, setText } from "../../parts/dom";
import { css } from "../../parts/palette";
import type { LegendItem } from "../encoding";
import type { Crowd, Place } from "./density_grid";

export interface ClassNames {
  readonly element: HTMLElement;
  /** Name these classes from now on. */
  name(items: readonly LegendItem[]): void;
  /** Move the names to the mix of two crowds. */
  move(from: Crowd, to: Crowd, share: number): void;
}

interface Box extends Place {
  readonly width: number;
}

const HEIGHT_PX = 20;
/** Where the top of a name may stand, in pixels below its place. */
const SHIFTS = [-10, -30, 10];

/** `spread` says which classes have no place. */
export function createClassNames(scatter: Scatter, spread: HTMLElement): ClassNames {
  const element = h("div", { class: "names", "aria-hidden": "true" });
  let names: readonly HTMLElement[] = [];
  let widths: readonly number[] = [];

  /** The first free box of a width about a place. */
  function fit(place: Place, width: number, taken: readonly Box[]): Box | undefined {
    const at = scatter.onScreen(place);
    const { width: all } = scatter.measures;
    // Whole where its place is in sight, also at the edge.
    const isIn = at.x > 0 && at.x < all;
    const x = isIn ? Math.max(0, Math.min(at.x - width / 2, all - width)) : at.x - width / 2;
    return SHIFTS.map((shift) => ({ x, y: at.y + shift, width })).find(
      (box) => !taken.some((other) => overlap(box, other)),
    );
  }

  return {
    element,
    name(items) {
      names = items.map(({ name, mark }) => {
        const text = h("span", {}, name);
        text.style.setProperty("--dv-class", css(mark.color));
        return text;
      });
      element.replaceChildren(...names);
      widths = names.map(({ offsetWidth }) => offsetWidth);
    },
    move(from, to, share) {
      const { counts, places } = share < 0.5 ? from : to;
      const taken: Box[] = [];
      const bySize = [...names.keys()].sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
      for (const code of bySize) {
        const name = names[code] as HTMLElement;
        const here = places[code];
        const place = here && mix(from.places[code] ?? here, to.places[code] ?? here, share);
        const box = place && fit(place, widths[code] ?? 0, taken);
        name.hidden = !box;
        if (!box) continue;
        taken.push(box);
        name.style.transform = `translate(${Math.round(box.x)}px, ${Math.round(box.y)}px)`;
      }
      const lost = names.filter((_, code) => counts[code] && !places[code]);
      const text = lost.map(({ textContent }) => textContent).join(", ");
      setText(spread, text && `spread out: ${text}`);
      setAttribute(spread, "title", text);
    },
  };
}

function mix(from: Place, to: Place, share: number): Place {
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && Math.abs(a.y - b.y) < HEIGHT_PX;
}

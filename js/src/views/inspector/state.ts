/**
 * What the parts of an inspector share: the details, the side that a person looks at, and the space there is.
 */

import { shownSide, sidesToShow } from "../../store/details/evidence";
import type { SideName } from "../../store/manifest";
import { type Computed, computed, signal } from "../../store/reactive";
import { boxOf } from "../parts/dom";
import { on } from "../parts/interaction";
import type { ViewContext } from "../parts/view";
import type { DetailCache } from "./detail_cache";
import { findShown, findSides } from "./film/shown";

export interface InspectorState {
  readonly details: DetailCache;
  /** Another number whenever the space has changed. */
  readonly size: Computed<number>;
  /** The side that is looked at, of those that an example has. */
  sideOf(index: number): SideName;
  chooseSide(side: SideName): void;
  /** Pixels below the top of a part, as far as they are in sight. */
  freeHeight(part: HTMLElement): number;
}

const UNDER = 40;
/** When all in sight is drawn, what the first example needs is fetched, so that it opens with its neighbors. */
const EARLY_MS = 300;

export function createInspectorState(
  context: ViewContext,
  details: DetailCache,
  body: HTMLElement,
): InspectorState {
  const wanted = signal<SideName>("trained");
  const own = signal(0);
  const size = computed(() => own.value + context.layout.value);
  const observer = new ResizeObserver(() => {
    own.value = own.peek() + 1;
  });
  observer.observe(body);
  const early = setTimeout(() => {
    const { focus } = context.store;
    if (focus !== null) findShown(context.store, details, focus, "trained");
  }, EARLY_MS);
  const end = () => {
    observer.disconnect();
    clearTimeout(early);
  };
  on(context.signal, "abort", end, { once: true });
  return {
    details,
    size,
    sideOf(index) {
      const sides = sidesToShow(findSides(context.store, details, index));
      const side = wanted.value;
      return sides.includes(side) ? side : (sides[0] ?? shownSide(context.store, index));
    },
    chooseSide(side) {
      wanted.value = side;
    },
    freeHeight(part) {
      const top = boxOf(part).top - boxOf(body).top;
      return Math.max(0, body.clientHeight - (top + body.scrollTop) - UNDER);
    },
  };
}

/**
 * Walking and selecting along the listing, by position: what a click or a key on a cell means.
 *
 * A plain click looks at one example; where only the selection is listed it just inspects, since a click must not
 * throw away what a lasso caught. Knows no elements.
 */
import type { Store } from "../../store/store";

export interface GridCursor {
  /** Position of the example in focus; where it has left the listing, the place that it had. */
  active(): number;
  /** Position of an example in the listing; -1 where it is not listed. */
  of(index: number | null): number;
  act(position: number, how: "one" | "toggle" | "range"): void;
  move(by: number, extend: boolean): void;
  /** The listing is another one: begin at its start. */
  restart(): void;
}

export function createGridCursor(store: Store): GridCursor {
  const positionOf = createPositions(store);
  let place = 0;
  let range: { readonly anchor: number; readonly end: number } | null = null;

  function active(): number {
    const position = positionOf(store.focus);
    if (position >= 0) place = position;
    return Math.max(0, Math.min(place, store.listing.length - 1));
  }

  /** A range grows from where the focus stood when it began, until anything else moves the focus. */
  function selectRange(position: number, index: number): void {
    const anchor = range && range.end === store.focus ? range.anchor : (store.focus ?? index);
    const start = positionOf(anchor) < 0 ? position : positionOf(anchor);
    range = { anchor, end: index };
    store.setFocus(index);
    const caught = store.listing.slice(Math.min(start, position), Math.max(start, position) + 1);
    store.select(caught, store.selectedOnly ? "add" : "replace");
  }

  function act(position: number, how: "one" | "toggle" | "range"): void {
    const index = store.listing[position];
    if (index === undefined) return;
    if (how === "range") {
      selectRange(position, index);
      return;
    }
    range = null;
    if (how === "one" && !store.selectedOnly) {
      store.pick(index);
      return;
    }
    store.setFocus(index);
    if (how === "toggle") store.select([index], "toggle");
    else store.openPanel();
  }

  return {
    active,
    of: positionOf,
    act,
    move(by, extend) {
      const next = Math.min(store.listing.length - 1, Math.max(0, active() + by));
      if (extend) {
        act(next, "range");
        return;
      }
      range = null;
      store.setFocus(store.listing[next] ?? store.focus, "step");
    },
    restart() {
      place = 0;
    },
  };
}

/** Where each example stands in the listing, found once for each listing. */
function createPositions(store: Store): (index: number | null) => number {
  let known: Uint32Array | null = null;
  let places = new Int32Array(0);
  return (index) => {
    if (known !== store.listing) {
      known = store.listing;
      places = new Int32Array(store.manifest.count).fill(-1);
      known.forEach((example, position) => {
        places[example] = position;
      });
    }
    return index === null ? -1 : (places[index] ?? -1);
  };
}

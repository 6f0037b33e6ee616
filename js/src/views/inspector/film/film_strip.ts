/**
 * The rows of the film strip, walked by keys and by pointer.
 *
 * Only frames in sight are drawn, so a wide strip costs no more than a narrow one, and fetches no pictures that nobody sees.
 */
import { closest, h } from "../../parts/dom";
import { on } from "../../parts/interaction";
import type { ViewContext } from "../../parts/view";
import { createFilmCursor, type FilmCursor, MOVES, type Neighbors } from "./film_cursor";
import { type FocusedExample, FRAME } from "./film_frame";
import { createFilmRow } from "./film_row";

const SPARE = 2;
const NAME = 84;
/** More rows than these get a scroll of their own. */
const MOST_ROWS = 12;

export interface FilmStrip {
  readonly element: HTMLElement;
  /** Draw what is in sight of an example's neighbors. */
  paint(example: FocusedExample, neighbors: Neighbors): void;
  /** Another example: its nearest neighbors come first, and the keyboard goes with them. */
  restart(): void;
  /** Scroll the row of a probe into sight. */
  reveal(probe: number): void;
  focusActive(): void;
}

export function createFilmStrip(context: ViewContext, k: number): FilmStrip {
  const { probes } = context.store.manifest;
  const rows = probes.map((_, probe) => createFilmRow(context, probe, k));
  const tall = rows.length > MOST_ROWS;
  const elements = rows.map((row) => row.element);
  const element = h("div", { class: "film-rows", "data-tall": tall }, ...elements);
  const cursor = createFilmCursor(rows.length);
  let example: FocusedExample | null = null;
  let neighbors: Neighbors = [];

  /** Frames of a row exist up to the last that has been in sight. */
  function paint(): void {
    if (example === null || element.hidden) return;
    cursor.settle(neighbors);
    const last = Math.ceil((element.scrollLeft + element.clientWidth) / FRAME) + SPARE;
    for (const [probe, row] of rows.entries()) {
      row.mark(example.index);
      const place = probe === cursor.probe ? cursor.place : null;
      if (place === null && tall && !isInSight(element, probe)) continue;
      row.show(neighbors[probe] ?? [], example, Math.max(last, (place ?? 0) + 1), place);
    }
  }

  const focusActive = () =>
    rows[cursor.probe]?.frames[cursor.place]?.element.focus({ preventScroll: true });
  const walk = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (!cursor.moveBy(move, neighbors)) return;
    scrollToPlace(element, cursor.place);
    paint();
    focusActive();
    const row = rows[cursor.probe];
    row?.element.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  };
  on(element, "keydown", walk, { signal: context.signal });
  on(element, "scroll", paint, { signal: context.signal, passive: true });
  listenToPointer(element, context, cursor, () => neighbors);
  return {
    element,
    paint(shown, found) {
      example = shown;
      neighbors = found;
      paint();
    },
    restart() {
      element.scrollLeft = 0;
      cursor.moveTo(cursor.probe, 0);
    },
    reveal(probe) {
      if (tall) revealRow(element, probe);
    },
    focusActive,
  };
}

function listenToPointer(
  element: HTMLElement,
  { store, signal }: ViewContext,
  cursor: FilmCursor,
  neighbors: () => Neighbors,
): void {
  const frameUnder = (event: Event) => {
    const frame = closest(event, "[data-neighbor]");
    if (!frame) return null;
    const [probe, place] = [Number(frame.dataset.probe), Number(frame.dataset.place)];
    return { probe, place, neighbor: neighbors()[probe]?.[place] };
  };
  const goTo = (event: Event) => {
    const frame = frameUnder(event);
    if (!frame) return;
    cursor.moveTo(frame.probe, frame.place);
    if (frame.neighbor !== undefined) store.setFocus(frame.neighbor);
  };
  const highlight = (event: Event) => store.setHighlight(frameUnder(event)?.neighbor ?? null);
  on(element, "click", goTo, { signal });
  on(element, "pointerover", highlight, { signal });
  on(element, "pointerleave", () => store.setHighlight(null), { signal });
}

function isInSight(element: HTMLElement, probe: number): boolean {
  const top = probe * FRAME - element.scrollTop;
  return top > -SPARE * FRAME && top < element.clientHeight + SPARE * FRAME;
}

function scrollToPlace(element: HTMLElement, place: number): void {
  const left = place * FRAME;
  if (left < element.scrollLeft) element.scrollLeft = left;
  const over = left + FRAME - element.scrollLeft - element.clientWidth + NAME;
  if (over > 0) element.scrollLeft += over;
}

function revealRow(element: HTMLElement, probe: number): void {
  const top = probe * FRAME;
  const { scrollTop, clientHeight } = element;
  const outside = top < scrollTop || top + FRAME > scrollTop + clientHeight;
  if (outside) element.scrollTop = top - (clientHeight - FRAME) / 2;
}

/**
 * The rows of the film strip and the curve before them, walked by keys and by pointer.
 *
 * As many neighbors as fit are shown, and the rows turn together to the next ones; nothing scrolls sideways. Only rows in sight are
 * drawn, so that 60 probes cost no more than 12; for who is blind all, since a row may tell of an earlier example.
 */
import type { Neighbors } from "../../../store/details/evidence";
import { closest, giveFocus, h, setText } from "../../parts/dom";
import { isWorded } from "../../parts/excerpts/excerpt";
import { on } from "../../parts/interaction";
import type { ViewContext } from "../../parts/view";
import { createCurve } from "./curve";
import { createFilmCursor, type FilmCursor, MOVES } from "./film_cursor";
import { createFilmRow } from "./film_row";
import { type Measures, measureFilm } from "./measures";
import { createPager } from "./pager";
import type { Shown } from "./shown";

/** More rows than these get a scroll of their own. */
const MOST_ROWS = 12;
const SPARE = 2;

export interface FilmStrip {
  readonly element: HTMLElement;
  /** Draw what is in sight of an example's neighbors. */
  paint(shown: Shown, free: number): void;
  /** Another example: its nearest neighbors come first, and the keyboard goes with them. */
  restart(): void;
  /** Scroll the row of a probe into sight. */
  reveal(probe: number): void;
  focusActive(): void;
}

export function createFilmStrip(context: ViewContext, k: number): FilmStrip {
  const { probes } = context.store.manifest;
  const rows = probes.map((_, probe) => createFilmRow(context, probe));
  const tall = rows.length > MOST_ROWS;
  const curve = createCurve(context);
  const list = h("div", { class: "film-rows", "data-tall": tall });
  list.append(curve.element, ...rows.map((row) => row.element));
  const head = createFilmHead(context, turn);
  const element = h("div", { class: "film-table" }, head.element, list);
  const cursor = createFilmCursor(rows.length);
  let shown: Shown | null = null;
  let measures: Measures = { row: 40, name: 84, curve: 96, columns: 1 };
  let from = 0;

  function turn(by: number): void {
    const next = from + by * measures.columns;
    if (next < longest(shown?.neighbors ?? [])) from = Math.max(0, next);
    cursor.moveTo(cursor.probe, from);
    paint();
  }

  function paint(): void {
    if (shown === null || element.hidden) return;
    const { neighbors, evidence } = shown;
    const { columns } = measures;
    cursor.settle(neighbors);
    const beyond = cursor.place < from || cursor.place >= from + columns;
    if (beyond) from = Math.floor(cursor.place / columns) * columns;
    curve.paint(evidence, { width: measures.curve, row: measures.row });
    head.show(measures, from, longest(neighbors));
    for (const [probe, row] of rows.entries()) {
      row.mark(shown);
      const place = probe === cursor.probe ? cursor.place : null;
      const waits = tall && !(ANNOTATING && context.desk?.blind);
      if (place === null && waits && !isInSight(list, probe, measures.row)) continue;
      row.show(shown, from, columns, place);
    }
  }

  const focusActive = () => giveFocus(rows[cursor.probe]?.frames[cursor.place - from]?.element);
  const walk = (event: KeyboardEvent) => {
    const move = moveOf(event);
    if (!move) return;
    event.preventDefault();
    if (!cursor.moveBy(move, shown?.neighbors ?? [])) return;
    paint();
    focusActive();
    rows[cursor.probe]?.element.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  };
  on(list, "keydown", walk, { signal: context.signal });
  on(list, "scroll", paint, { signal: context.signal, passive: true });
  listenToPointer(list, context, cursor);
  return {
    element,
    paint(next, free) {
      shown = next;
      const space = { width: element.clientWidth, height: free, worded: isWorded(context) };
      measures = measureFilm(space, rows.length, k);
      applyMeasures(element, measures);
      paint();
    },
    restart() {
      from = 0;
      cursor.moveTo(cursor.probe, 0);
    },
    reveal: (probe) => void (tall && revealRow(list, probe, measures.row)),
    focusActive,
  };
}

/** What stands above the rows: the scale of the curve, and which neighbors are seen. */
function createFilmHead(context: ViewContext, turn: (by: -1 | 1) => void) {
  const { k } = context.store.manifest;
  const most = h("span", {});
  const scale = h("div", { class: "curve-scale", "aria-hidden": "true" }, h("span", {}, "0"), most);
  const pager = createPager(context, turn);
  return {
    element: h("div", { class: "film-head" }, h("span"), scale, pager.element),
    show({ curve, columns }: Measures, from: number, count: number) {
      setText(most, curve < 90 ? `${k}` : `${k} of ${k}`);
      pager.show(from, columns, count);
    },
  };
}

function applyMeasures(element: HTMLElement, { row, name, curve, columns }: Measures): void {
  const { style } = element;
  style.setProperty("--dv-film-row", `${row}px`);
  style.setProperty("--dv-film-name", `${name}px`);
  style.setProperty("--dv-film-curve", `${curve}px`);
  style.setProperty("--dv-film-columns", `${columns}`);
}

/** How a key moves from frame to frame; not at all with another key held. */
function moveOf(event: KeyboardEvent): (typeof MOVES)[string] | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return undefined;
  return closest(event, "[data-neighbor]") ? MOVES[event.key] : undefined;
}

function longest(neighbors: Neighbors): number {
  return Math.max(0, ...neighbors.map((row) => row.length));
}

/** A click on a frame goes to its example, one on the name of a row shows the map of its probe. */
function listenToPointer(list: HTMLElement, context: ViewContext, cursor: FilmCursor): void {
  const { store, signal } = context;
  const neighborUnder = (event: Event) => {
    const frame = closest(event, "[data-neighbor]");
    return frame ? { frame, neighbor: Number(frame.dataset.neighbor) } : null;
  };
  const goTo = (event: Event) => {
    const under = neighborUnder(event);
    if (under) {
      cursor.moveTo(Number(under.frame.dataset.probe), Number(under.frame.dataset.place));
      return store.setFocus(under.neighbor);
    }
    const row = closest(event, ".film-name")?.closest<HTMLElement>("[data-probe-row]");
    if (row) store.setProbe(Number(row.dataset.probeRow));
  };
  const highlight = (event: Event) => store.setHighlight(neighborUnder(event)?.neighbor ?? null);
  on(list, "click", goTo, signal);
  on(list, "pointerover", highlight, signal);
  on(list, "pointerleave", () => store.setHighlight(null), signal);
}

function isInSight(list: HTMLElement, probe: number, row: number): boolean {
  const top = probe * row - list.scrollTop;
  return top > -SPARE * row && top < list.clientHeight + SPARE * row;
}

function revealRow(list: HTMLElement, probe: number, row: number): void {
  const top = probe * row;
  const { scrollTop, clientHeight } = list;
  const outside = top < scrollTop || top + row > scrollTop + clientHeight;
  if (outside) list.scrollTop = top - (clientHeight - row) / 2;
}

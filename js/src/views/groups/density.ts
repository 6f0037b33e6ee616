/**
 * How many examples lie where in a plane of two columns, darker for more by their logarithm.
 *
 * Counts are those under all filters but the plane's own. A drag across it keeps both columns between the corners of
 * the rectangle; a click next to it clears both.
 */
import type { Coded } from "../../store/filters/filters";
import type { Store } from "../../store/store";
import { type Axis, isNarrowed, keepMissing, rangeBetween } from "../parts/axis";
import { boxOf, closest, h, setAttribute, svg } from "../parts/dom";
import { type DragHandlers, on, onDrag } from "../parts/interaction";
import { paintOnChange, type ViewContext } from "../parts/view";

export const WIDTH = 100;
export const HEIGHT = 78;
const LEVELS = 6;
/** Pixels that the pointer may move in a click. */
const CLICK_PIXELS = 4;

export interface Density {
  /** Holds the drawing and what lies over it, placed by shares of its size. */
  readonly element: HTMLElement;
  readonly drawing: SVGSVGElement;
  x(value: number): number;
  y(value: number): number;
}

/** Draw the plane of two axes; `others` are further filters that it does not heed. */
export function createDensity(
  context: ViewContext,
  [across, up]: readonly [Axis, Axis],
  others: readonly string[] = [],
): Density {
  const { store, signal } = context;
  const cells = pair(across, up);
  const levels = Array.from({ length: LEVELS }, (_, level) =>
    svg("path", { class: "bin", "fill-opacity": 0.3 + (0.7 * level) / (LEVELS - 1) }),
  );
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" }, ...levels);
  const kept = h("div", { class: "kept-area", "aria-hidden": "true" });
  const element = h("div", { class: "density" }, drawing, kept);
  const scale = {
    x: (value: number) => WIDTH * across.share(value),
    y: (value: number) => HEIGHT * (1 - up.share(value)),
  };

  function paintCounts(): void {
    const counts = store.tally(cells, across.name, up.name, ...others);
    const paths = drawCells(counts, across, up, scale);
    levels.forEach((path, level) => {
      setAttribute(path, "d", paths[level] ?? "");
    });
  }

  function paintKept(): void {
    const [columns, rows] = [store.filters.range(across.name), store.filters.range(up.name)];
    // An example without a value lies nowhere: where those alone are kept, nothing in the plane is.
    const nowhere = [columns, rows].some((range) => range && !isNarrowed(range));
    kept.hidden = nowhere || (!columns && !rows);
    kept.style.left = `${100 * across.share(columns?.from ?? Number.NEGATIVE_INFINITY)}%`;
    kept.style.right = `${100 - 100 * across.share(columns?.to ?? Number.POSITIVE_INFINITY)}%`;
    kept.style.bottom = `${100 * up.share(rows?.from ?? Number.NEGATIVE_INFINITY)}%`;
    kept.style.top = `${100 - 100 * up.share(rows?.to ?? Number.POSITIVE_INFINITY)}%`;
  }

  brush(element, store, across, up, signal);
  paintOnChange(context, paintCounts);
  paintOnChange(context, paintKept);
  return { element, drawing, ...scale };
}

/** Keep both columns between the corners of a drag; a click clears them. */
function brush(
  element: HTMLElement,
  store: Store,
  across: Axis,
  up: Axis,
  signal: AbortSignal,
): void {
  const keepBetween = (a: Point, b: Point) => {
    const kept = (axis: Axis, from: number, to: number) =>
      keepMissing(
        rangeBetween(axis, axis.valueAt(from), axis.valueAt(to)),
        store.filters.range(axis.name),
      );
    store.setFilters({ [across.name]: kept(across, a.x, b.x), [up.name]: kept(up, a.y, b.y) });
  };
  const handlers: DragHandlers<Point> = {
    start: (event) =>
      closest(event, "[role=slider]") ? null : { x: event.clientX, y: event.clientY },
    move({ clientX, clientY }, from, moved) {
      if (!moved && Math.hypot(clientX - from.x, clientY - from.y) <= CLICK_PIXELS) return false;
      const box = boxOf(element);
      keepBetween(sharesIn(box, from), sharesIn(box, { x: clientX, y: clientY }));
      return true;
    },
  };
  onDrag(element, handlers, { signal, capture: "move" });
  on(
    element,
    "click",
    (event) => {
      const other = closest(event, "[data-depthviz-corner], [role=slider]");
      if (!other) clearRanges(store, across, up);
    },
    signal,
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A place on the screen as shares of a box, from its left and from its bottom. */
function sharesIn({ left, top, width, height }: DOMRect, { x, y }: Point): Point {
  return { x: (x - left) / (width || 1), y: 1 - (y - top) / (height || 1) };
}

function clearRanges(store: Store, ...axes: readonly Axis[]): void {
  const kept = axes.filter(({ name }) => isNarrowed(store.filters.range(name)));
  if (kept.length > 0) store.setFilters(Object.fromEntries(kept.map(({ name }) => [name, []])));
}

/** One code for both cells; examples that lack one of the two values are in none. */
function pair(across: Axis, up: Axis): Coded {
  const size = across.cells * up.cells;
  const codes = new Uint16Array(across.codes.length);
  for (let i = 0; i < codes.length; i++) {
    const [column, row] = [across.codes[i] as number, up.codes[i] as number];
    codes[i] = column < across.cells && row < up.cells ? row * across.cells + column : 65535;
  }
  return { codes, size };
}

/** One path for each level of darkness; even a single example is seen. */
function drawCells(
  counts: Uint32Array,
  across: Axis,
  up: Axis,
  { x, y }: Pick<Density, "x" | "y">,
): string[] {
  const most = Math.log(counts.reduce((a, b) => Math.max(a, b), 1) + 1);
  const paths = new Array<string>(LEVELS).fill("");
  counts.forEach((count, cell) => {
    if (count === 0) return;
    const level = Math.min(LEVELS - 1, Math.floor((Math.log(count) / most) * LEVELS));
    const [column, row] = [cell % across.cells, Math.floor(cell / across.cells)];
    const [left, right] = [x(across.edge(column)), x(across.edge(column + 1))];
    paths[level] += box(left, y(up.edge(row + 1)), right, y(up.edge(row)));
  });
  return paths;
}

export function box(left: number, top: number, right: number, bottom: number): string {
  return `M${round(left)} ${round(top)}H${round(right)}V${round(bottom)}H${round(left)}z`;
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/**
 * Bars: one row a code, as long as its examples are many, which keeps the examples of that code.
 *
 * A click keeps or lets go one, a drag keeps all that it passes. The bars count under all other filters, on the pale ground of
 * all examples. Of depths a row is also kept where a range of numbers covers it, wholly or in part.
 */
import { formatCount } from "../../store/columns";
import type { Store } from "../../store/store";
import { type Attributes, boxOf, closest, h, setAttribute, setText } from "../parts/dom";
import { type DragHandlers, on, onDrag } from "../parts/interaction";
import { roveTabindex } from "../parts/roving_tabindex";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

export interface Row {
  readonly code: number;
  readonly name: string;
  readonly title: string;
  /** Examples of that code, whatever is filtered. */
  readonly total: number;
  readonly number?: string;
  readonly apart?: boolean;
  readonly hooks?: Attributes;
}

interface Bar {
  readonly row: Row;
  readonly button: HTMLButtonElement;
  readonly fill: HTMLElement;
  readonly count: HTMLElement;
}

const DENSE_PAST = 24;

export function createBars(
  context: ViewContext,
  column: string,
  rows: readonly Row[],
  most: number,
): View {
  const { store, signal } = context;
  const title = store.columns.get(column)?.info.title ?? column;
  const bars = rows.map((row) => createBar(row, most));
  const list = h(
    "div",
    {
      class: "bars",
      role: "toolbar",
      "aria-label": title,
      "aria-orientation": "vertical",
      "data-depthviz-column": column,
      "data-dense": rows.length > DENSE_PAST,
    },
    ...bars.map((bar) => bar.button),
  );
  roveTabindex(list, signal);
  brush(list, store, column, bars, signal);
  paintOnChange(context, () => {
    const counts = store.counts(column);
    setAttribute(list, "data-filtered", store.filters.get(column) !== undefined);
    for (const { row, button, fill, count } of bars) {
      const examples = counts[row.code] ?? 0;
      fill.style.width = barWidth(examples, most);
      setText(count, formatCount(examples));
      setAttribute(button, "aria-pressed", keptOf(store, column, row.code));
    }
  });
  return { element: list };
}

function createBar(row: Row, most: number): Bar {
  const fill = h("span", { class: "fill" });
  const ground = h("span", { class: "ground" });
  const count = h("span", { class: "count" });
  ground.style.width = barWidth(row.total, most);
  const button = h(
    "button",
    {
      class: row.apart ? "depth-bar apart" : "depth-bar",
      title: row.title,
      "data-depthviz-bar": row.code,
      ...row.hooks,
    },
    h("span", { class: "track" }, ground, fill),
    ...(row.number === undefined ? [] : [h("span", { class: "number" }, row.number)]),
    h("span", { class: "name" }, row.name),
    count,
  );
  return { row, button, fill, count };
}

/** Even one example of many is seen. */
function barWidth(count: number, most: number): string {
  return count === 0 ? "0" : `max(2px, ${(100 * count) / most}%)`;
}

function keptOf(store: Store, column: string, code: number): "true" | "mixed" | "false" {
  const range = store.filters.range(column);
  if (!range) return store.filters.kept(column).includes(code) ? "true" : "false";
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = range;
  if (range.from === undefined && range.to === undefined) return "false";
  if (from <= code && (to >= code + 1 || to === code)) return "true";
  return from < code + 1 && to >= code ? "mixed" : "false";
}

/** Keep all bars that a drag passes; a press and release on one bar stays a click. */
function brush(
  list: HTMLElement,
  store: Store,
  column: string,
  bars: readonly Bar[],
  signal: AbortSignal,
): void {
  const barAt = ({ clientY }: PointerEvent): number | null => {
    const place = bars.findIndex(({ button }) => {
      const { top, bottom } = boxOf(button);
      return clientY >= top && clientY <= bottom;
    });
    return place < 0 ? null : place;
  };
  const keepBetween = (from: number, to: number) => {
    const passed = bars.slice(Math.min(from, to), Math.max(from, to) + 1);
    store.setFilter(
      column,
      passed.map(({ row }) => row.code),
    );
  };
  const handlers: DragHandlers<number> = {
    start: barAt,
    move(event, from, moved) {
      const to = barAt(event);
      if (to === null || (!moved && to === from)) return false;
      keepBetween(from, to);
      return true;
    },
  };
  onDrag(list, handlers, { signal, capture: "move" });
  on(
    list,
    "click",
    (event) => {
      const bar = closest(event, "[data-depthviz-bar]");
      if (bar) store.toggleFilter(column, Number(bar.dataset.depthvizBar));
    },
    signal,
  );
}

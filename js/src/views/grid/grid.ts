/**
 * The grid of examples: hardest first, virtual, one example a cell, walked by mouse or by keys.
 *
 * Once a cell has the keyboard's focus the grid keeps it, whatever leaves the listing: focus that falls out of the widget
 * would send the next key to the notebook.
 */
import { hasTwoDepths } from "../../store/lookups";
import type { CellSize } from "../../store/saved_state";
import { type Cell, createCell } from "../parts/cell";
import { createComparison } from "../parts/comparison";
import { closest, h, setAttribute } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { createWalk, type Walk } from "./cursor";
import { createGridCard } from "./grid_card";
import { createGridHead } from "./grid_head";
import { createRows } from "./virtual_rows";

const GAP = 8;
const PADDING = 3;
const METER = 6;
const LINE = 17;
const TALLEST_SHAPE = 1.5;

/** How wide a cell is at least, with a picture and without one, and how many lines are under it. */
const SIZES: Readonly<Record<CellSize, { least: number; plain: number; lines: number }>> = {
  small: { least: 46, plain: 62, lines: 0 },
  medium: { least: 74, plain: 74, lines: 2 },
  large: { least: 150, plain: 150, lines: 2 },
};

interface Row {
  readonly element: HTMLElement;
  readonly cells: Cell[];
}

export function createGrid(context: ViewContext): View {
  const { store, signal, tiles } = context;
  const spacer = h("div", { class: "spacer", role: "presentation" });
  const empty = h("p", { class: "empty" }, "No example passes the filters.");
  const grid = h(
    "div",
    {
      class: "grid",
      role: "grid",
      tabindex: -1,
      "aria-label": "Examples",
      "aria-multiselectable": "true",
    },
    spacer,
  );
  const head = createGridHead(context);
  const card = createGridCard(context, grid);
  const rows = createRows<Row>(grid, spacer, {
    create: () => ({ element: h("div", { class: "row", role: "row" }), cells: [] }),
    elementOf: (row) => row.element,
    empty(row) {
      for (const cell of row.cells) cell.hide();
    },
  });
  const walk = createWalk(store);
  let columns = 1;
  let height = 1;

  const rowOf = (position: number) => Math.floor(position / columns);

  /** A grid without size is one that the notebook has put away: it comes back as it was. */
  function layout(): void {
    if (grid.clientWidth === 0) return;
    const width = Math.max(0, grid.clientWidth - 2 * GAP);
    const { least, plain } = SIZES[store.size];
    columns = Math.max(1, Math.floor((width + GAP) / ((tiles ? least : plain) + GAP)));
    setAttribute(grid, "data-size", store.size);
    grid.style.setProperty("--dv-columns", String(columns));
    grid.style.setProperty("--dv-picture", `${pictureHeight()}px`);
    height = rowHeight();
  }

  function pictureHeight(): number {
    if (!tiles) return 0;
    const width = (Math.max(0, grid.clientWidth - 2 * GAP) - GAP * (columns - 1)) / columns;
    const shape = Math.min(TALLEST_SHAPE, tiles.cell[1] / tiles.cell[0]);
    return Math.round((width - 2 * PADDING) * shape);
  }

  function rowHeight(): number {
    const { lines } = SIZES[store.size];
    const depths = hasTwoDepths(store) ? 2 : 1;
    const words = LINE * (lines + (depths === 2 && lines > 0 ? 1 : 0));
    const top = tiles ? pictureHeight() : LINE;
    return top + METER * depths + words + 2 * PADDING + GAP;
  }

  function paint(): void {
    const { listing } = store;
    const active = listing[walk.active()] ?? null;
    const total = Math.ceil(listing.length / columns);
    const pinned = listing.length > 0 ? rowOf(walk.active()) : null;
    setAttribute(grid, "aria-rowcount", total);
    setAttribute(grid, "aria-colcount", columns);
    empty.hidden = listing.length > 0;
    for (const [number, row] of rows.place(total, height, pinned)) {
      fill(row, number, listing);
      for (const cell of row.cells) cell.mark(active);
    }
  }

  function fill(row: Row, number: number, listing: Uint32Array): void {
    while (row.cells.length < columns) {
      const cell = createCell(context);
      row.cells.push(cell);
      row.element.append(cell.element);
    }
    setAttribute(row.element, "aria-rowindex", number + 1);
    row.cells.forEach((cell, column) => {
      const index = column < columns ? listing[number * columns + column] : undefined;
      setAttribute(cell.element, "aria-colindex", column + 1);
      if (index === undefined) cell.hide();
      else cell.show(index, number * columns + column);
    });
  }

  function reveal(position: number): void {
    rows.scrollTo(rowOf(position));
    paint();
  }

  function takeFocus(): void {
    const cell = grid.querySelector<HTMLElement>(`[data-position="${walk.active()}"]`);
    (cell ?? grid).focus({ preventScroll: true });
  }

  const page = () => columns * Math.max(1, Math.floor(grid.clientHeight / height));
  on(grid, "scroll", paint, { signal, passive: true });
  listenToPointer(grid, context, walk);
  on(
    grid,
    "keydown",
    (event) => {
      if (useKey(event, context, walk, { columns, page: page() })) event.preventDefault();
    },
    { signal },
  );
  const observer = new ResizeObserver(() => {
    context.layout.value = context.layout.peek() + 1;
  });
  observer.observe(grid);
  on(signal, "abort", () => observer.disconnect());

  const listChanged = createComparison();
  const sizeChanged = createComparison();
  const focusChanged = createComparison();
  const selectionChanged = createComparison();

  paintOnChange(context, () => {
    const hadFocus = grid.contains(activeElement(grid));
    const resized = sizeChanged(context.layout.value, store.size);
    const another = listChanged(store.filterChange, store.order, store.selectedOnly);
    const moved = focusChanged(store.focus, store.size);
    const selected = selectionChanged(store.selectionChange);
    context.theme();
    tiles?.version;
    store.boundaries;
    if (resized) layout();
    if (another) {
      grid.scrollTop = 0;
      walk.restart();
    }
    paint();
    if (moved && walk.of(store.focus) >= 0) reveal(walk.active());
    if (hadFocus && (another || moved || selected || resized)) takeFocus();
  });
  return {
    element: h(
      "section",
      { class: "pane", "data-depthviz-view": "grid", "aria-label": "Examples" },
      head.element,
      grid,
      card.element,
      empty,
    ),
  };
}

function listenToPointer(grid: HTMLElement, { store, signal }: ViewContext, walk: Walk): void {
  on(
    grid,
    "click",
    (event) => {
      const cell = closest(event, "[data-position]");
      if (!cell) return;
      cell.focus({ preventScroll: true });
      const how = event.shiftKey ? "range" : event.ctrlKey || event.metaKey ? "toggle" : "one";
      walk.act(Number(cell.dataset.position), how);
    },
    { signal },
  );
  on(
    grid,
    "pointerover",
    (event) => {
      const cell = closest(event, "[data-position]");
      store.setHighlight(store.listing[Number(cell?.dataset.position)] ?? null);
    },
    { signal },
  );
  on(grid, "pointerleave", () => store.setHighlight(null), { signal });
}

/** Do what a key says; false where it says nothing. */
function useKey(
  event: KeyboardEvent,
  { store }: ViewContext,
  walk: Walk,
  { columns, page }: { readonly columns: number; readonly page: number },
): boolean {
  const { length } = store.listing;
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -page,
    PageDown: page,
    Home: -length,
    End: length,
  };
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key === "a") store.select(store.listing, "add");
  else if (event.altKey || command) return false;
  else if (event.key === " ") walk.act(walk.active(), "toggle");
  else if (event.key === "Enter") walk.act(walk.active(), "one");
  else if (event.key === "-" || event.key === "−") store.stepSize(-1);
  else if (event.key === "+" || event.key === "=") store.stepSize(1);
  else if (event.key in moves) walk.move(moves[event.key] ?? 0, event.shiftKey);
  else return false;
  return true;
}

function activeElement(inside: HTMLElement): Element | null {
  return (inside.getRootNode() as Document | ShadowRoot).activeElement;
}

/**
 * The grid of examples: hardest first, virtual, one example a cell, walked by mouse or by keys.
 *
 * Once a cell has the keyboard's focus the grid keeps it, whatever leaves the listing: focus that falls out of the widget
 * would send the next key to the notebook.
 */
import { createComparison } from "../parts/comparison";
import { giveFocus, h, hasFocus, setAttribute } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { type CellLayout, layOutCells } from "./cell_layout";
import { createGridCursor, type GridCursor } from "./cursor";
import { createEmpty } from "./empty";
import { createGridCard } from "./grid_card";
import { createGridHead } from "./grid_head";
import { listenToPointer, pressKey } from "./grid_input";
import { createGridRows } from "./grid_rows";

export function createGrid(context: ViewContext): View {
  const { store, signal, tiles } = context;
  const spacer = h("div", { class: "spacer", role: "presentation" });
  const empty = createEmpty(context);
  const grid = createGridElement(spacer);
  const head = createGridHead(context);
  const card = createGridCard(context, grid);
  const rows = createGridRows(context, grid, spacer);
  const cursor = createGridCursor(store);
  let layout: CellLayout = { columns: 1, picture: 0, row: 1 };

  /** A grid without size is one that the notebook has put away: it comes back as it was. */
  function layOut(): void {
    if (grid.clientWidth === 0) return;
    const picture = tiles?.cell ?? null;
    const { letters, fields } = (PREVIEWS && context.texts) || {};
    layout = layOutCells(grid.clientWidth, store.size, { picture, letters, fields });
    setAttribute(grid, "data-size", store.size);
    grid.style.setProperty("--dv-columns", String(layout.columns));
    grid.style.setProperty("--dv-picture", `${layout.picture}px`);
    if (PREVIEWS) grid.style.setProperty("--dv-lines", `${layout.lines ?? 0}`);
  }

  function paint(): void {
    rows.paint(layout.columns, layout.row, cursor.active());
  }

  function reveal(position: number): void {
    if (rows.scrollTo(Math.floor(position / layout.columns))) paint();
  }

  const listen = (event: KeyboardEvent) => {
    const page = layout.columns * Math.max(1, Math.floor(grid.clientHeight / layout.row));
    const reach = { columns: layout.columns, page };
    if (pressKey(event, context, cursor, reach)) event.preventDefault();
  };
  on(grid, "scroll", paint, { signal, passive: true });
  on(grid, "keydown", listen, signal);
  listenToPointer(grid, context, cursor);
  followSize(grid, context);

  const changes = createChanges(context);
  paintOnChange(context, () => {
    const hadFocus = hasFocus(grid);
    const { resized, another, moved, selected } = changes();
    if (resized) layOut();
    if (another) {
      grid.scrollTop = 0;
      cursor.restart();
    }
    paint();
    if (moved && cursor.of(store.focus) >= 0) reveal(cursor.active());
    if (hadFocus && (another || moved || selected || resized)) focusActive(grid, cursor);
  });
  const attributes = {
    class: "pane of-grid",
    "data-depthviz-view": "grid",
    "aria-label": "Examples",
  };
  return { element: h("section", attributes, head.element, grid, card.element, empty.element) };
}

function createGridElement(spacer: HTMLElement): HTMLElement {
  const attributes = { class: "grid", role: "grid", tabindex: -1, "aria-label": "Examples" };
  return h("div", { ...attributes, "aria-multiselectable": "true" }, spacer);
}

function followSize(grid: HTMLElement, { layout, signal }: ViewContext): void {
  const observer = new ResizeObserver(() => {
    layout.value = layout.peek() + 1;
  });
  observer.observe(grid);
  on(signal, "abort", () => observer.disconnect());
}

/** What has changed since the last drawing; reads all that the grid draws from. */
function createChanges({ store, tiles, texts, layout, theme }: ViewContext) {
  const listChanged = createComparison();
  const sizeChanged = createComparison();
  const focusChanged = createComparison();
  const selectionChanged = createComparison();
  return () => {
    theme();
    tiles?.version;
    if (PREVIEWS) texts?.version;
    store.boundaries;
    store.sort;
    return {
      resized: sizeChanged(layout.value, store.size),
      another: listChanged(store.filterChange, store.order, store.selectedOnly),
      moved: focusChanged(store.focus, store.size),
      selected: selectionChanged(store.selectionChange),
    };
  };
}

function focusActive(grid: HTMLElement, cursor: GridCursor): void {
  const cell = grid.querySelector<HTMLElement>(`[data-position="${cursor.active()}"]`);
  giveFocus(cell ?? grid);
}

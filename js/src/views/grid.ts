/**
 * The grid of examples: hardest first, virtual, one example a cell, walked by mouse or by keys.
 *
 * Once a cell has the keyboard's focus the grid keeps it, whatever leaves the listing: focus that falls out of the widget
 * would send the next key to the notebook.
 */
import { hasTwoDepths } from "../store/store";
import { type Cell, createCell } from "./cell";
import { closest, h, setAttribute } from "./dom";
import { createGridHead } from "./grid_head";
import { createWalk, type Walk } from "./grid_walk";
import { createRows } from "./rows";
import { anyOf, type Change, type Stage, type View } from "./stage";

const GAP = 8;
const LEAST_WIDTH = 74;
const CAPTION = 42;
const PLAIN_HEIGHT = 74;
const DEPTHS_HEIGHT = 23;

interface Row {
  readonly element: HTMLElement;
  readonly cells: Cell[];
}

export function createGrid(stage: Stage, redraw: () => void): View {
  const { store, signal, tiles } = stage;
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
  const head = createGridHead(stage);
  const rows = createRows<Row>(grid, spacer, {
    create: () => ({ element: h("div", { class: "row", role: "row" }), cells: [] }),
    elementOf: (row) => row.element,
    empty(row) {
      for (const cell of row.cells) cell.hide();
    },
  });
  const walk = createWalk(store);
  let columns = 1;
  let narrowed = false;

  const rowOf = (position: number) => Math.floor(position / columns);

  /** A grid without size is one that the notebook has put away: it comes back as it was. */
  function layout(): void {
    if (grid.clientWidth === 0) return;
    const width = Math.max(0, grid.clientWidth - 2 * GAP);
    columns = Math.max(1, Math.floor((width + GAP) / (LEAST_WIDTH + GAP)));
    grid.style.setProperty("--dv-columns", String(columns));
  }

  function rowHeight(): number {
    const more = GAP + (hasTwoDepths(store) ? DEPTHS_HEIGHT : 0);
    if (!tiles) return PLAIN_HEIGHT + more;
    const width = (Math.max(0, grid.clientWidth - 2 * GAP) - GAP * (columns - 1)) / columns;
    const shape = Math.min(1.5, tiles.cell[1] / tiles.cell[0]);
    return Math.round(Math.min(width, 160) * shape) + CAPTION + more;
  }

  function paint(full: boolean): void {
    const { listing } = store;
    const active = listing[walk.active()] ?? null;
    const total = Math.ceil(listing.length / columns);
    const pinned = listing.length > 0 ? rowOf(walk.active()) : null;
    setAttribute(grid, "aria-rowcount", total);
    setAttribute(grid, "aria-colcount", columns);
    empty.hidden = listing.length > 0;
    for (const [number, row] of rows.place(total, rowHeight(), pinned)) {
      if (full) fill(row, number, listing);
      for (const cell of row.cells) cell.mark(active);
    }
  }

  function fill(row: Row, number: number, listing: Uint32Array): void {
    while (row.cells.length < columns) {
      const cell = createCell(stage);
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
    paint(true);
  }

  function takeFocus(): void {
    const cell = grid.querySelector<HTMLElement>(`[data-position="${walk.active()}"]`);
    (cell ?? grid).focus({ preventScroll: true });
  }

  const page = () => columns * Math.max(1, Math.floor(grid.clientHeight / rowHeight()));
  grid.addEventListener("scroll", () => paint(true), { signal, passive: true });
  listenToPointer(grid, stage, walk);
  grid.addEventListener(
    "keydown",
    (event) => {
      if (useKey(event, stage, walk, { columns, page: page() })) event.preventDefault();
    },
    { signal },
  );
  const observer = new ResizeObserver(redraw);
  observer.observe(grid);

  function update(changed: ReadonlySet<Change>): void {
    const hadFocus = grid.contains(activeElement(grid));
    if (changed.has("size")) layout();
    const another = anyOf(changed, "filters", "order") || narrowed !== store.selectedOnly;
    narrowed = store.selectedOnly;
    if (another) {
      grid.scrollTop = 0;
      walk.restart();
    }
    head.update(changed);
    paint(another || anyOf(changed, "selection", "tiles", "size", "theme", "groups"));
    if (changed.has("focus") && walk.of(store.focus) >= 0) reveal(walk.active());
    if (hadFocus && (another || anyOf(changed, "focus", "selection", "size"))) takeFocus();
  }

  return {
    element: h(
      "section",
      { class: "pane", "data-depthviz-view": "grid", "aria-label": "Examples" },
      head.element,
      grid,
      empty,
    ),
    update,
    dispose: () => observer.disconnect(),
  };
}

function listenToPointer(grid: HTMLElement, { store, signal }: Stage, walk: Walk): void {
  grid.addEventListener(
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
  grid.addEventListener(
    "pointerover",
    (event) => {
      const cell = closest(event, "[data-position]");
      store.setHighlight(store.listing[Number(cell?.dataset.position)] ?? null);
    },
    { signal },
  );
  grid.addEventListener("pointerleave", () => store.setHighlight(null), { signal });
}

/** Do what a key says; false where it says nothing. */
function useKey(
  event: KeyboardEvent,
  { store }: Stage,
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
  else if (event.key in moves) walk.move(moves[event.key] ?? 0, event.shiftKey);
  else return false;
  return true;
}

function activeElement(inside: HTMLElement): Element | null {
  return (inside.getRootNode() as Document | ShadowRoot).activeElement;
}

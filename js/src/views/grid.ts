/**
 * The grid of examples: hardest first, virtual, one example a cell, walked by mouse or by keys.
 *
 * A plain click selects one example; where the grid lists only the selection it just inspects, since a click must not
 * throw away what a lasso caught.
 */
import type { Store } from "../store/store";
import { type Cell, createCell } from "./cell";
import { closest, h, setAttribute } from "./dom";
import { createGridHead } from "./grid_head";
import { createRows } from "./rows";
import { anyOf, type Change, type Stage, type View } from "./stage";

const GAP = 8;
const LEAST_WIDTH = 74;
const CAPTION = 42;

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
    { class: "grid", role: "grid", "aria-label": "Examples", "aria-multiselectable": "true" },
    spacer,
  );
  const head = createGridHead(stage);
  const rows = createRows<Row>(grid, spacer, {
    create: () => ({ element: h("div", { class: "row", role: "row" }), cells: [] }),
    elementOf: (row) => row.element,
  });
  let columns = 1;
  let anchor = 0;
  let narrowed = false;
  const positions = createPositions(store);

  const activePosition = () => Math.max(0, positions.of(store.focus));

  function layout(): void {
    const width = Math.max(0, grid.clientWidth - 2 * GAP);
    columns = Math.max(1, Math.floor((width + GAP) / (LEAST_WIDTH + GAP)));
    grid.style.setProperty("--dv-columns", String(columns));
  }

  function rowHeight(): number {
    if (!tiles) return 74 + GAP;
    const width = (Math.max(0, grid.clientWidth - 2 * GAP) - GAP * (columns - 1)) / columns;
    return (
      Math.round(Math.min(width, 160) * Math.min(1.5, tiles.cell[1] / tiles.cell[0])) +
      CAPTION +
      GAP
    );
  }

  function paint(full: boolean): void {
    const { listing } = store;
    const active = listing[activePosition()] ?? null;
    const total = Math.ceil(listing.length / columns);
    const pinned = listing.length > 0 ? Math.floor(activePosition() / columns) : null;
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

  /** Show a position, and give its cell the keyboard's focus where the grid has it. */
  function reveal(position: number): void {
    rows.scrollTo(Math.floor(position / columns));
    paint(true);
    if (!grid.contains(activeElement(grid))) return;
    grid
      .querySelector<HTMLElement>(`[data-position="${position}"]`)
      ?.focus({ preventScroll: true });
  }

  function act(position: number, how: "one" | "toggle" | "range"): void {
    const index = store.listing[position];
    if (index === undefined) return;
    store.setFocus(index);
    if (how === "range") {
      const [from, to] = [Math.min(anchor, position), Math.max(anchor, position)];
      store.select(store.listing.slice(from, to + 1), store.listsSelectedOnly ? "add" : "replace");
      return;
    }
    anchor = position;
    if (how === "toggle") store.select([index], "toggle");
    else if (!store.listsSelectedOnly) store.select([index], "replace");
  }

  function move(by: number, extend: boolean): void {
    const next = Math.min(store.listing.length - 1, Math.max(0, activePosition() + by));
    if (extend) act(next, "range");
    else {
      anchor = next;
      store.setFocus(store.listing[next] ?? null);
    }
  }

  grid.addEventListener("scroll", () => paint(true), { signal, passive: true });
  grid.addEventListener(
    "click",
    (event) => {
      const cell = closest(event, "[data-position]");
      if (!cell) return;
      cell.focus({ preventScroll: true });
      const how = event.shiftKey ? "range" : event.ctrlKey || event.metaKey ? "toggle" : "one";
      act(Number(cell.dataset.position), how);
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
  grid.addEventListener(
    "keydown",
    (event) => {
      if (event.altKey || ((event.ctrlKey || event.metaKey) && event.key !== "a")) return;
      if (!key(event)) return;
      event.preventDefault();
    },
    { signal },
  );

  /** Do what a key says; false where it says nothing. */
  function key(event: KeyboardEvent): boolean {
    const page = columns * Math.max(1, Math.floor(grid.clientHeight / rowHeight()));
    const moves: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      PageUp: -page,
      PageDown: page,
      Home: -store.listing.length,
      End: store.listing.length,
    };
    const by = moves[event.key];
    if (by !== undefined) move(by, event.shiftKey);
    else if (event.key === " ") act(activePosition(), "toggle");
    else if (event.key === "Enter") act(activePosition(), "one");
    else if (event.key === "a" && (event.ctrlKey || event.metaKey))
      store.select(store.listing, "add");
    else return false;
    return true;
  }

  const observer = new ResizeObserver(redraw);
  observer.observe(grid);

  function update(changed: ReadonlySet<Change>): void {
    if (changed.has("size")) layout();
    const listed = anyOf(changed, "filters", "order") || narrowed !== store.listsSelectedOnly;
    narrowed = store.listsSelectedOnly;
    if (listed) grid.scrollTop = 0;
    head.update(changed);
    paint(listed || anyOf(changed, "selection", "tiles", "size", "theme"));
    if (changed.has("focus") && positions.of(store.focus) >= 0) reveal(positions.of(store.focus));
  }

  return {
    element: h(
      "section",
      { class: "pane", "data-depthviz-view": "grid" },
      head.element,
      grid,
      empty,
    ),
    update,
    dispose: () => observer.disconnect(),
  };
}

/** Where each example stands in the listing, found once for each listing; -1 where it does not. */
function createPositions(store: Store) {
  let known: Uint32Array | null = null;
  let places = new Int32Array(0);
  return {
    of(index: number | null): number {
      if (known !== store.listing) {
        known = store.listing;
        places = new Int32Array(store.manifest.count).fill(-1);
        known.forEach((example, position) => {
          places[example] = position;
        });
      }
      return index === null ? -1 : (places[index] ?? -1);
    },
  };
}

function activeElement(inside: HTMLElement): Element | null {
  return (inside.getRootNode() as Document | ShadowRoot).activeElement;
}

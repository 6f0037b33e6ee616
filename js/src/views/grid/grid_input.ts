/**
 * What a pointer or a key does in the grid.
 */
import { closest, giveFocus } from "../parts/dom";
import { onHold } from "../parts/hold";
import { on } from "../parts/interaction";
import type { ViewContext } from "../parts/view";
import type { GridCursor } from "./cursor";

export function listenToPointer(grid: HTMLElement, context: ViewContext, cursor: GridCursor): void {
  const { store, signal } = context;
  const select = (event: MouseEvent) => {
    const cell = closest(event, "[data-position]");
    if (!cell) return;
    giveFocus(cell);
    // The second of two clicks on one cell would take back the first.
    if (event.detail > 1) return;
    const how = event.shiftKey ? "range" : event.ctrlKey || event.metaKey ? "toggle" : "one";
    cursor.act(Number(cell.dataset.position), how);
  };
  const at = (event: Event) =>
    store.listing[Number(closest(event, "[data-position]")?.dataset.position)] ?? null;
  const highlight = (event: Event) => store.setHighlight(at(event));
  onHold(grid, at, context);
  on(grid, "click", select, signal);
  on(grid, "pointerover", highlight, signal);
  on(grid, "pointerleave", () => store.setHighlight(null), signal);
}

/** How far keys move the cursor: by columns up and down, by pages, or along the whole listing. */
interface Reach {
  readonly columns: number;
  readonly page: number;
}

/** Act on a key; false where it means nothing here. */
export function pressKey(
  event: KeyboardEvent,
  { store }: ViewContext,
  cursor: GridCursor,
  { columns, page }: Reach,
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
  else if (event.key === " ") cursor.act(cursor.active(), "toggle");
  else if (event.key === "Enter") cursor.act(cursor.active(), "one");
  else if (event.key === "-" || event.key === "−") store.stepSize(-1);
  else if (event.key === "+" || event.key === "=") store.stepSize(1);
  else if (event.key in moves) cursor.move(moves[event.key] ?? 0, event.shiftKey);
  else return false;
  return true;
}

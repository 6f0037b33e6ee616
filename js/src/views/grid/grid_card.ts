/**
 * The card next to a cell of the grid, with all its words: after the pointer or the keyboard's focus has rested there.
 *
 * It stands next to, above or below its cell and never on it, and goes at the first key, click or scroll.
 */

import { boxOf, closest } from "../parts/dom";
import { createCard } from "../parts/examples/card";
import { on } from "../parts/interaction";
import type { ViewContext } from "../parts/view";

const POINTER_REST_MS = 400;
const FOCUS_REST_MS = 900;
const GAP_PX = 6;

export interface GridCard {
  readonly element: HTMLElement;
}

export function createGridCard(context: ViewContext, grid: HTMLElement): GridCard {
  const { store, signal } = context;
  const card = createCard(context);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over: HTMLElement | null = null;

  function hide(): void {
    clearTimeout(timer);
    over = null;
    card.show(null, { x: 0, y: 0 });
  }

  function showAt(cell: HTMLElement): void {
    const index = store.listing[Number(cell.dataset.position)];
    if (index === undefined || !cell.isConnected) return;
    card.show(index, { x: 0, y: 0 });
    const pane = card.element.parentElement;
    if (!pane) return;
    const { x, y } = placeNextTo(
      boxIn(cell, pane),
      { width: card.element.offsetWidth, height: card.element.offsetHeight },
      { width: pane.clientWidth, height: pane.clientHeight },
    );
    card.element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  function rest(cell: HTMLElement | null, ms: number): void {
    if (cell === over) return;
    hide();
    over = cell;
    if (cell) timer = setTimeout(() => showAt(cell), ms);
  }

  const listen = (type: keyof HTMLElementEventMap, act: (event: Event) => void) =>
    on(grid, type, act, { signal, passive: true });
  listen("pointerover", (event) => rest(closest(event, "[data-position]"), POINTER_REST_MS));
  listen("focusin", (event) => {
    const cell = closest(event, "[data-position]");
    if (cell?.matches(":focus-visible")) rest(cell, FOCUS_REST_MS);
  });
  for (const type of ["pointerleave", "pointerdown", "keydown", "scroll", "focusout"] as const) {
    listen(type, hide);
  }
  on(signal, "abort", () => clearTimeout(timer), { once: true });
  return { element: card.element };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** Right of the cell, else left, else below, else above: wherever there is space. */
export function placeNextTo(cell: Box, card: Size, space: Size): { x: number; y: number } {
  const y = clamp(cell.y + (cell.height - card.height) / 2, space.height - card.height);
  const right = cell.x + cell.width + GAP_PX;
  if (right + card.width <= space.width) return { x: right, y };
  const left = cell.x - GAP_PX - card.width;
  if (left >= 0) return { x: left, y };
  const x = clamp(cell.x + (cell.width - card.width) / 2, space.width - card.width);
  const below = cell.y + cell.height + GAP_PX;
  if (below + card.height <= space.height) return { x, y: below };
  return { x, y: cell.y - GAP_PX - card.height };
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}

function boxIn(cell: HTMLElement, pane: HTMLElement): Box {
  const [inner, outer] = [boxOf(cell), boxOf(pane)];
  const { width, height } = inner;
  return { x: inner.x - outer.x, y: inner.y - outer.y, width, height };
}

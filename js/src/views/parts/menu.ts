/**
 * A menu: a button that opens things to do. Arrows walk along them, Escape closes it and goes back to the button.
 */
import { h, setAttribute, setText } from "./dom";
import { on } from "./interaction";
import type { View, ViewContext } from "./view";

export interface Menu extends View {
  readonly items: HTMLElement;
  /** Say what was done. */
  say(words: string): void;
}

/** `fill` makes what is in it, each time that it opens. */
export function createMenu({ signal }: ViewContext, name: string, fill: () => void): Menu {
  const control = name.toLowerCase();
  const button = h("button", { class: "icon menu-button", control }, name);
  const said = h("p", { class: "hint", "aria-live": "polite" });
  const items = h("div");
  const box = h("div", { class: "menu", role: "group", "aria-label": name }, items, said);
  const element = h("div", {}, button, box);

  function setOpen(open: boolean): void {
    box.hidden = !open;
    setAttribute(button, "aria-expanded", String(open));
    setText(said, "");
    if (open) fill();
  }

  function pressKey(event: KeyboardEvent): void {
    const stops = [button, ...items.querySelectorAll<HTMLElement>("button, input")].filter(
      (stop) => !stop.closest("[hidden]"),
    );
    const by = { Escape: -stops.length, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by === undefined || box.hidden) return;
    const place = Math.max(0, stops.indexOf(event.target as HTMLElement) + by);
    stops[place]?.focus();
    if (event.key === "Escape") setOpen(false);
    event.preventDefault();
  }

  setOpen(false);
  const leave = (event: Event) => {
    if (!event.composedPath().includes(element)) setOpen(false);
  };
  on(button, "click", () => setOpen(box.hidden === true), signal);
  on(element, "keydown", pressKey, signal);
  for (const type of ["pointerdown", "focusin"] as const) on(document, type, leave, signal);
  return { element, items, say: (words) => setText(said, words) };
}

export function menuItem(control: string, text: string, act: () => void): HTMLButtonElement {
  const item = h("button", { control }, text);
  item.onclick = act;
  return item;
}

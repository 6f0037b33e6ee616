/**
 * The list of keys, over the view: `?` opens it, Escape closes it, and the focus goes back to where it came from.
 *
 * While it is open nothing behind it can be reached, by Tab or by pointer.
 */
import { closest, giveFocus, h, setAttribute } from "../parts/dom";
import { on } from "../parts/interaction";
import { KEYS, type Key } from "./keys";

export interface Help {
  readonly element: HTMLElement;
  open(): void;
}

const PLACES: Readonly<Record<Key["where"], string>> = {
  anywhere: "Anywhere",
  map: "Map",
  grid: "Grid",
  filters: "Filters",
  plane: "Groups and histograms",
  inspector: "Inspector",
};

let count = 0;

export function createHelp(signal: AbortSignal): Help {
  const titleId = `depthviz-keys-${++count}`;
  const close = h("button", { class: "tool", control: "close-help" }, "Close");
  const list = h(
    "div",
    { class: "key-lists", tabindex: 0, role: "group", "aria-labelledby": titleId },
    ...Object.entries(PLACES).map(([where, name]) => keyList(name, where)),
  );
  const dialog = h(
    "div",
    { class: "help", role: "dialog", "aria-modal": "true", "aria-labelledby": titleId },
    h("div", { class: "head" }, h("h3", { id: titleId }, "Keys"), close),
    list,
  );
  const element = h("div", { class: "help-ground" }, dialog);
  element.hidden = true;
  let before: HTMLElement | null = null;

  function setOpen(open: boolean): void {
    element.hidden = !open;
    for (const sibling of element.parentElement?.children ?? []) {
      if (sibling !== element) setAttribute(sibling, "inert", open);
    }
  }

  function end(): void {
    setOpen(false);
    const home = element.closest<HTMLElement>(".depthviz");
    giveFocus(before?.isConnected ? before : home);
    before = null;
  }

  on(close, "click", end, signal);
  on(element, "click", (event) => event.target === element && end(), signal);
  on(
    element,
    "keydown",
    (event) => {
      if (event.key === "Escape" || event.key === "?") end();
      else if (event.key === "Tab") wrap(event, close, list);
      else if (isScroll(event)) return;
      else if (!closest(event, "button") && !event.ctrlKey && !event.metaKey)
        event.preventDefault();
      if (event.key === "Escape" || event.key === "?") event.preventDefault();
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    },
    signal,
  );

  return {
    element,
    open() {
      if (!element.hidden) return;
      const { activeElement } = element.getRootNode() as Document | ShadowRoot;
      before = activeElement instanceof HTMLElement ? activeElement : null;
      setOpen(true);
      giveFocus(close);
    },
  };
}

/** Two stops, one after the other, for as long as the list is open. */
function wrap(event: KeyboardEvent, close: HTMLElement, list: HTMLElement): void {
  event.preventDefault();
  giveFocus(event.target === close ? list : close);
}

function isScroll(event: KeyboardEvent): boolean {
  return ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"].includes(event.key);
}

function keyList(name: string, where: string): HTMLElement {
  const lines = KEYS.filter((key) => key.where === where);
  const terms = lines.flatMap(({ keys, does }) => [
    h("dt", {}, h("kbd", {}, keys)),
    h("dd", {}, does),
  ]);
  return h("section", { "aria-label": name }, h("h4", {}, name), h("dl", {}, ...terms));
}

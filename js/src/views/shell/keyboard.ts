/**
 * The keys of a whole view, and the border that keys do not cross.
 *
 * What is pressed inside never reaches the notebook, which would cut or run cells by it, except Tab, and those with Ctrl or Cmd
 * that nothing here uses. JupyterLab gets keys before anybody else and is made to ignore those from inside; what is the whole
 * application's, such as saving, is handed to it again. Escape goes outward by steps: it lets the selection go, then goes to the frame of the view, and from
 * there to the notebook, whose keys work again.
 */
import type { Store } from "../../store/store";
import { closest, giveFocus, setAttribute } from "../parts/dom";
import { isText, on } from "../parts/interaction";

export interface KeyActions {
  /** One probe on or back. */
  step(by: number): void;
  /** Show the list of keys. */
  help(): void;
  /** Go to the filters, where they have to be opened first. */
  filter?(): void;
  /** The panel of the example wider, and narrower again. */
  widen?(): void;
  /** What comes before all else: true where the key said something there. */
  press?(event: KeyboardEvent): boolean;
}

export function listenToKeys(
  root: HTMLElement,
  store: Store,
  actions: KeyActions,
  signal: AbortSignal,
): void {
  const listen = (event: KeyboardEvent) => {
    if (ANNOTATING && !event.defaultPrevented && actions.press?.(event)) event.preventDefault();
    if (!event.defaultPrevented && act(event, root, store, actions)) event.preventDefault();
    if (!event.defaultPrevented && isOfTheApplication(event)) handOver(event, root);
    keepInside(event);
  };
  on(root, "keydown", listen, signal);
  for (const type of ["keyup", "keypress"] as const) {
    on(root, type, keepInside, signal);
  }
  hideFromJupyter(root, signal);
}

/** Jupyter asks the element in focus before those around it, so a mark on the root alone comes too late. */
function hideFromJupyter(root: HTMLElement, signal: AbortSignal): void {
  const mark = (event: FocusEvent, hidden: boolean) => {
    const { target } = event;
    if (target !== root && target instanceof Element)
      setAttribute(target, HIDDEN, hidden && "true");
  };
  on(root, "focusin", (event) => mark(event, true), signal);
  on(root, "focusout", (event) => mark(event, false), signal);
}

const HIDDEN = "data-lm-suppress-shortcuts";

/** Do what a key says; false where it says nothing. */
function act(event: KeyboardEvent, root: HTMLElement, store: Store, actions: KeyActions): boolean {
  if (isCommand(event)) return !isText(event) && actOnCommand(event, store);
  if (event.key === "Escape") return goOutward(event, root, store);
  if (isText(event)) return false;
  if (event.key === "[") actions.step(-1);
  else if (event.key === "]") actions.step(1);
  else if (event.key === "," || isTurn(event, "ArrowLeft")) store.revisit(-1);
  else if (event.key === "." || isTurn(event, "ArrowRight")) store.revisit(1);
  else if (event.key === "?") actions.help();
  else if (event.key === "/") return goToSearch(root);
  else return !event.altKey && !isChoice(event) && actOnLetter(event.key, root, store, actions);
  return true;
}

/** Letters that act, where none is typed. */
function actOnLetter(key: string, root: HTMLElement, store: Store, actions: KeyActions): boolean {
  if (key === "s" && store.focus !== null) store.select([store.focus], "toggle");
  else if (key === "o" && store.selection.count > 0) store.setSelectedOnly(!store.selectedOnly);
  else if (key === "w") actions.widen?.();
  else if (key === "c") visible(root, '[data-depthviz-control="compare"]')?.click();
  else if (key === "f" && actions.filter) actions.filter();
  else if (key === "f") return goToFilters(root);
  else return false;
  return true;
}

/** Alt and an arrow turn pages in a browser; here they turn examples. */
function isTurn(event: KeyboardEvent, key: string): boolean {
  return event.altKey && !event.shiftKey && event.key === key;
}

function actOnCommand(event: KeyboardEvent, store: Store): boolean {
  const key = event.key.toLowerCase();
  if (event.altKey) return false;
  if (key === "z" && !event.shiftKey) store.undo.undo();
  else if ((key === "z" && event.shiftKey) || key === "y") store.undo.redo();
  else return false;
  return true;
}

function goOutward(event: KeyboardEvent, root: HTMLElement, store: Store): boolean {
  if (isText(event)) {
    if ((event.target as HTMLInputElement).value !== "") return false;
    giveFocus(root);
  } else if (store.selection.count > 0) store.select([], "replace");
  else if (store.frame.panel !== "closed") closeExample(event, root, store);
  else if (event.target !== root) giveFocus(root);
  else leave(root);
  return true;
}

/** From inside it the keyboard goes back to its cell; from anywhere else it leaves the part as well. */
function closeExample(event: KeyboardEvent, root: HTMLElement, store: Store): void {
  const inside = closest(event, ".example-panel");
  store.compareWith(null);
  store.setFrame({ panel: "closed" });
  if (!inside) giveFocus(root);
}

/** In a notebook the cell takes the focus, so that its keys work; elsewhere nobody has it. */
function leave(root: HTMLElement): void {
  const cell = root.closest<HTMLElement>(".jp-Cell");
  giveFocus(cell);
  if (root.matches(":focus")) root.blur();
}

/** Where there is no search for all, the filters have one. */
function goToSearch(root: HTMLElement): boolean {
  const find = root.querySelector<HTMLElement>('[data-depthviz-control="find"]');
  find?.focus();
  return find ? true : goToFilters(root);
}

function visible(root: HTMLElement, selector: string): HTMLElement | undefined {
  return [...root.querySelectorAll<HTMLElement>(selector)].find(
    (element) => !element.closest("[hidden]"),
  );
}

function goToFilters(root: HTMLElement): boolean {
  const target =
    visible(root, 'input[type="search"]') ??
    visible(root, '[data-depthviz-filter] button[tabindex="0"]');
  target?.focus();
  return target !== undefined;
}

/** Saving, the list of commands, the side bar: none of them touches a cell. */
function isOfTheApplication(event: KeyboardEvent): boolean {
  if (!isCommand(event) || event.altKey) return false;
  const key = event.key.toLowerCase();
  return key === "s" || (event.shiftKey ? key === "c" : key === "b");
}

function handOver(event: KeyboardEvent, root: HTMLElement): void {
  const outside = root.parentElement?.closest(".lm-Widget");
  if (!outside) return;
  event.stopPropagation();
  if (!outside.dispatchEvent(new KeyboardEvent(event.type, event))) event.preventDefault();
}

function keepInside(event: KeyboardEvent): void {
  const used = event.defaultPrevented;
  if (used || (event.key !== "Tab" && !isCommand(event))) event.stopPropagation();
}

/** Many keyboards type brackets with AltGr, which Windows reports as Ctrl and Alt. */
function isCommand(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && !event.getModifierState("AltGraph");
}

/** Where a letter goes to the choice that begins with it. */
function isChoice({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLSelectElement;
}

/**
 * The search of an Explorer: goes to an example by its id or path, or keeps a class.
 *
 * The keyboard stays in the field while arrows walk the matches; Enter takes one.
 */
import { closest, h, setAttribute } from "../parts/dom";
import { icon } from "../parts/icons";
import { on } from "../parts/interaction";
import { markOfCode } from "../parts/palette";
import { swatch } from "../parts/swatch";
import type { View, ViewContext } from "../parts/view";
import { findMatches, type Match } from "./find_matches";

let lists = 0;

export function createFind(context: ViewContext): View {
  const { store, signal } = context;
  const id = `depthviz-find-${++lists}`;
  const input = createField(id);
  if (PREVIEWS && context.texts && !context.texts.fields)
    input.placeholder = "Find id, class or text";
  const list = createMatchList(context, input, id);

  function take(match: Match | undefined): void {
    if (!match) return;
    if (match.kind === "class") store.setFilter("label", [match.code]);
    else if (PREVIEWS && match.kind === "words") {
      store.setFrame({ rail: true });
      store.openHistogram(match.column);
      store.setFilter(match.column, { contains: match.text });
    } else if (match.kind === "example") {
      store.setFocus(match.index);
      store.openPanel();
    }
    clear();
  }

  function clear(): void {
    input.value = "";
    list.show([]);
  }

  const pressKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") list.move(1);
    else if (event.key === "ArrowUp") list.move(-1);
    else if (event.key === "Enter") take(list.chosen);
    else if (event.key === "Escape" && input.value !== "") clear();
    else return;
    event.preventDefault();
  };
  on(input, "input", () => list.show(findMatches(store, input.value)), signal);
  on(input, "keydown", pressKey, signal);
  on(input, "blur", list.hide, signal);
  // The field keeps the keyboard, so that the list is still there when the button is released.
  on(list.element, "pointerdown", (event) => event.preventDefault(), signal);
  on(list.element, "click", (event) => take(list.at(closest(event, "[data-match]"))), signal);
  return { element: h("div", { class: "find" }, icon("find"), input, list.element) };
}

function createField(list: string): HTMLInputElement {
  return h("input", {
    type: "text",
    role: "combobox",
    placeholder: "Find id, class or path",
    "aria-label": "Find an example or a class",
    "aria-controls": list,
    "aria-expanded": "false",
    "aria-autocomplete": "list",
    autocomplete: "off",
    control: "find",
  });
}

function createMatchList(context: ViewContext, input: HTMLInputElement, id: string) {
  const attributes = { class: "matches", role: "listbox", id, "aria-label": "Matches" };
  const element = h("ul", attributes);
  element.hidden = true;
  let matches: readonly Match[] = [];
  let place = 0;

  function mark(wanted: number): void {
    place = Math.max(0, Math.min(wanted, matches.length - 1));
    [...element.children].forEach((item, i) => {
      setAttribute(item, "aria-selected", String(i === place));
    });
    setAttribute(input, "aria-activedescendant", matches.length > 0 && `${id}-${place}`);
  }

  return {
    element,
    get chosen() {
      return matches[place];
    },
    at: (item: HTMLElement | null) => matches[Number(item?.dataset.match)],
    move: (by: number) => mark(place + by),
    hide() {
      element.hidden = true;
    },
    show(found: readonly Match[]) {
      matches = found;
      const none = h("li", { class: "hint", role: "option" }, "Nothing is called so.");
      const items = matches.map((match, i) => itemOf(match, i, `${id}-${i}`, context));
      element.replaceChildren(...(items.length > 0 ? items : [none]));
      element.hidden = input.value.trim() === "";
      setAttribute(input, "aria-expanded", String(!element.hidden && matches.length > 0));
      mark(0);
    },
  };
}

function itemOf(match: Match, place: number, id: string, { store, theme }: ViewContext) {
  const attributes = { role: "option", id, "data-match": place };
  if (match.kind === "example")
    return h("li", attributes, h("span", { class: "name" }, match.text));
  if (PREVIEWS && match.kind === "words") {
    const words = h("span", { class: "name" }, `“${match.text}”`);
    return h("li", attributes, words, h("span", { class: "aside" }, "keep texts with it"));
  }
  if (match.kind === "words") return h("li");
  const mark = swatch(markOfCode(match.code, store.manifest.classes, theme()));
  const name = h("span", { class: "name" }, match.text);
  return h("li", attributes, mark, name, h("span", { class: "aside" }, "keep this class"));
}

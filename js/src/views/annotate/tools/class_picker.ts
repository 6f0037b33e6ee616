/**
 * Picks a class by its name: one of the study, or one that the study has not.
 *
 * The keyboard stays in the field while arrows walk the names; Enter takes one.
 */
import { closest, h, setAttribute } from "../../parts/dom";
import { on } from "../../parts/interaction";
import { markOfCode } from "../../parts/palette";
import { swatch } from "../../parts/swatch";
import type { View, ViewContext } from "../../parts/view";

export interface ClassPicker extends View {
  /** Offer all classes again. */
  clear(): void;
  /** The same, with the keyboard in the field. */
  begin(): void;
}

interface Name {
  readonly text: string;
  /** Undefined of a class that the study has not. */
  readonly code?: number;
}

const MOST = 60;

let lists = 0;

export function createClassPicker(
  context: ViewContext,
  label: string,
  take: (name: string) => void,
): ClassPicker {
  const { store, signal } = context;
  const id = `depthviz-classes-${++lists}`;
  const input = h("input", {
    ...{ type: "text", role: "combobox", class: "tool-field", "aria-label": label },
    ...{ "aria-controls": id, "aria-expanded": "true", "aria-autocomplete": "list" },
    ...{ autocomplete: "off", placeholder: "Name of a class", control: "class-name" },
    maxlength: 1000,
  });
  const list = h("ul", { class: "class-names", role: "listbox", id, "aria-label": "Classes" });
  let names: readonly Name[] = [];
  let place = 0;

  function mark(wanted: number): void {
    place = Math.max(0, Math.min(wanted, names.length - 1));
    [...list.children].forEach((item, i) => {
      setAttribute(item, "aria-selected", String(i === place));
      if (i === place) item.scrollIntoView?.({ block: "nearest" });
    });
    setAttribute(input, "aria-activedescendant", names.length > 0 && `${id}-${place}`);
  }

  function fill(): void {
    names = namesFor(store.manifest.classes, input.value);
    const items = names.map((name, i) => itemOf(context, name, `${id}-${i}`, i));
    list.replaceChildren(...items);
    list.hidden = names.length === 0;
    setAttribute(input, "aria-expanded", String(names.length > 0));
    mark(0);
  }

  function clear(): void {
    input.value = "";
    fill();
  }

  const pressKey = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") mark(place + 1);
    else if (event.key === "ArrowUp") mark(place - 1);
    else if (event.key === "Enter") pick(names[place]);
    else return;
    event.preventDefault();
  };
  const pick = (name: Name | undefined) => name && take(name.text);
  on(input, "input", fill, signal);
  on(input, "keydown", pressKey, signal);
  on(list, "pointerdown", (event) => event.preventDefault(), signal);
  on(
    list,
    "click",
    (event) => pick(names[Number(closest(event, "[data-place]")?.dataset.place ?? -1)]),
    signal,
  );
  return {
    element: h("div", { class: "class-picker" }, input, list),
    clear,
    begin() {
      clear();
      input.focus({ preventScroll: true });
    },
  };
}

/** The one that was typed, then those that begin so, then those that contain it, then what was typed as a new one. */
export function namesFor(classes: readonly string[], typed: string): Name[] {
  const wanted = typed.trim().toLowerCase();
  const all = classes.map((text, code) => ({ text, code }));
  const ranks = classes.map((text) => rankOf(text, text.toLowerCase(), typed.trim()));
  const found = [0, 1, 2, 3].flatMap((rank) => all.filter(({ code }) => ranks[code] === rank));
  const known = found.slice(0, MOST);
  const isNew = wanted !== "" && !classes.some((text) => text.toLowerCase() === wanted);
  return isNew ? [...known, { text: typed.trim() }] : known;
}

/** How near a name is to what was typed: 0 is the same, 4 has nothing of it. */
function rankOf(name: string, small: string, typed: string): number {
  const wanted = typed.toLowerCase();
  if (small === wanted) return name === typed ? 0 : 1;
  if (small.startsWith(wanted)) return 2;
  return small.includes(wanted) ? 3 : 4;
}

function itemOf({ store, theme }: ViewContext, name: Name, id: string, place: number) {
  const attributes = { role: "option", id, "data-place": place };
  const text = h("span", { class: "name", dir: "auto" }, name.text);
  if (name.code === undefined)
    return h("li", attributes, text, h("span", { class: "aside" }, "a new class"));
  return h("li", attributes, swatch(markOfCode(name.code, store.manifest.classes, theme())), text);
}

/**
 * Asks once for the name that decisions are recorded by.
 */
import { h } from "../../parts/dom";
import { on } from "../../parts/interaction";
import type { View, ViewContext } from "../../parts/view";

export interface NameBox extends View {
  begin(name: string): void;
}

/** `take` is given a name that is not empty. */
export function createNameBox(context: ViewContext, take: (name: string) => void): NameBox {
  const { signal } = context;
  const input = h("input", {
    ...{ type: "text", class: "tool-field", "aria-label": "Your name", maxlength: 200 },
    ...{ placeholder: "Your name", autocomplete: "username", control: "annotator-name" },
  });
  const button = h("button", { class: "tool" }, "Use this name");
  const hint = h("p", { class: "note" }, "It is kept with each of your decisions.");
  const act = () => {
    const name = input.value.trim();
    if (name !== "") take(name);
    else input.focus();
  };
  const pressKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    act();
  };
  on(input, "keydown", pressKey, signal);
  on(button, "click", act, signal);
  return {
    element: h("div", { class: "name-box" }, input, button, hint),
    begin(name) {
      input.value = name;
      input.focus({ preventScroll: true });
    },
  };
}

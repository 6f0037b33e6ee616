/**
 * Tags of an example, or of many: those of the schema and those in use, and a field for another.
 */
import { closest, h, setAttribute } from "../../parts/dom";
import { on } from "../../parts/interaction";
import type { View, ViewContext } from "../../parts/view";

export interface TagBox extends View {
  /** Show these tags, with the keyboard in the field. */
  begin(): void;
  /** Show which of the tags are on. */
  show(known: readonly string[], on: readonly string[]): void;
}

/** `change` puts a tag on, or takes it off. */
export function createTagBox(
  { signal }: ViewContext,
  change: (tag: string, on: boolean) => void,
): TagBox {
  const list = h("div", { class: "tags", role: "group", "aria-label": "Tags" });
  const input = h("input", {
    ...{ type: "text", class: "tool-field", "aria-label": "Another tag" },
    ...{ placeholder: "Another tag, Enter", autocomplete: "off", control: "tag-name" },
    maxlength: 1000,
  });
  const pressKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const tag = input.value.trim();
    input.value = "";
    if (tag !== "") change(tag, true);
  };
  on(input, "keydown", pressKey, signal);
  on(
    list,
    "click",
    (event) => {
      const button = closest(event, "button");
      if (!button) return;
      change(button.textContent ?? "", button.getAttribute("aria-pressed") !== "true");
    },
    signal,
  );
  return {
    element: h("div", { class: "tag-box" }, list, input),
    begin() {
      input.value = "";
      input.focus({ preventScroll: true });
    },
    show(known, on) {
      const tags = [...new Set([...known, ...on])];
      list.hidden = tags.length === 0;
      tags.forEach((tag, i) => {
        const button = list.children[i] ?? list.appendChild(h("button", { class: "tag" }));
        if (button.textContent !== tag) button.textContent = tag;
        setAttribute(button, "aria-pressed", String(on.includes(tag)));
      });
      while (list.children.length > tags.length) list.lastElementChild?.remove();
    },
  };
}

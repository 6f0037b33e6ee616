/**
 * A note on an example: what is typed is recorded when the keyboard leaves the field, or by Ctrl + Enter.
 *
 * Its keys are text and nothing else, also while letters are composed.
 */
import { h } from "../../parts/dom";
import { on } from "../../parts/interaction";
import type { View, ViewContext } from "../../parts/view";

export interface NoteBox extends View {
  /** Write on an example, with the keyboard in the field. */
  begin(index: number, text: string): void;
  /** Record what is written so far, of the example that it was begun on. */
  record(): void;
}

/** Characters; Python keeps some more. */
const LONGEST = 4_000_000;

/** `keep` records a note that has changed, `end` closes the box. */
export function createNoteBox(
  { signal }: ViewContext,
  keep: (index: number, text: string) => void,
  end: () => void,
): NoteBox {
  const area = h("textarea", {
    ...{ rows: 3, class: "tool-field", "aria-label": "Note on this example", maxlength: LONGEST },
    ...{ placeholder: "A note; Ctrl + Enter keeps it", control: "note-text" },
  });
  let about: number | null = null;
  let before = "";

  function record(): void {
    const text = area.value.trimEnd();
    const [index, changed] = [about, text !== before.trimEnd()];
    before = text;
    if (index !== null && changed) keep(index, text);
  }

  const pressKey = (event: KeyboardEvent) => {
    if (event.isComposing || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    record();
    end();
  };
  on(area, "keydown", pressKey, signal);
  on(area, "blur", record, signal);
  return {
    element: h("div", { class: "note-box" }, area),
    record,
    begin(index, text) {
      about = index;
      before = text;
      area.value = text;
      area.focus({ preventScroll: true });
    },
  };
}

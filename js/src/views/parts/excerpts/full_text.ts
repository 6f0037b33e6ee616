/**
 * The text of an example as a whole, and how much of it there is.
 */
import { formatCount } from "../../../store/columns";
import type { Passage } from "../../../store/previews/late_texts";
import { h, setAttribute, setText } from "../dom";
import { paintOnChange, type ViewContext } from "../view";

/** The parts of a figure that shows a text; none where the examples have no texts. */
export function createFullText(
  context: ViewContext,
  which: () => number | null,
): readonly HTMLElement[] {
  const { texts } = context;
  if (!texts) return [];
  const attributes = { class: "full-text", tabindex: 0, role: "group", "aria-label": "Text" };
  const body = h("div", { ...attributes, dir: "auto" });
  const note = h("p", { class: "note picture-note" });
  let shown: number | null = null;
  paintOnChange(context, () => {
    const index = which();
    if (index === null) return;
    const passage = texts.passage(index);
    setText(body, passage?.text ?? "");
    setText(note, passage ? noteOn(passage) : "Loading the text …");
    setAttribute(body, "data-none", !passage?.text);
    if (index !== shown) body.scrollTop = 0;
    shown = index;
  });
  return [body, note];
}

function noteOn({ text, cutFrom, carried }: Passage): string {
  if (!carried) return "This page does not carry its text";
  if (text === "") return "Its text is empty";
  const here = formatCount([...text].length);
  if (cutFrom !== undefined) return `The first ${here} of ${formatCount(cutFrom)} characters`;
  return here === "1" ? "1 character" : `${here} characters`;
}

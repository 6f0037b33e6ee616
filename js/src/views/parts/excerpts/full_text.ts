/**
 * The text of an example as a whole, and how much of it there is; of a row of a table all fields beside those of its neighbors.
 */
import { formatCount } from "../../../store/columns";
import type { Field, Passage } from "../../../store/previews/late_texts";
import { h, setAttribute, setText } from "../dom";
import { paintOnChange, type ViewContext } from "../view";
import { givenOf, showWords } from "./excerpt";

/** From so many deviations on a field is set in bold. */
const FAR = 2;

/** The parts of a figure that shows a text or a row; none where the examples have neither. */
export function createFullText(
  context: ViewContext,
  which: () => number | null,
): readonly HTMLElement[] {
  const { texts } = context;
  if (!texts) return [];
  const name = texts.fields ? "Row" : "Text";
  const attributes = { class: "full-text", tabindex: 0, role: "group", "aria-label": name };
  const body = h("div", { ...attributes, dir: "auto" });
  const note = h("p", { class: "note picture-note" });
  let shown: number | null = null;
  paintOnChange(context, () => {
    const index = which();
    if (index === null) return;
    const passage = texts.passage(index);
    if (passage?.fields) body.replaceChildren(tableOf(passage.fields));
    else if (passage) showWords(body, passage.text, givenOf(passage));
    else setText(body, "");
    setText(note, passage ? noteOn(passage, context) : "Loading …");
    setAttribute(body, "data-none", !passage?.text);
    if (index !== shown) body.scrollTop = 0;
    shown = index;
  });
  return [body, note];
}

function tableOf(fields: readonly Field[]): HTMLElement {
  const heads = ["Field", "Value", "Neighbors"].map((text) => h("th", { scope: "col" }, text));
  const rows = fields.map(([name, value, usual, far]) => {
    const title = `${far} deviations from what is usual among the neighbors`;
    const cells = [h("th", { scope: "row" }, name), h("td", { title }, value), h("td", {}, usual)];
    return h("tr", { "data-far": far >= FAR }, ...cells);
  });
  return h("table", {}, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...rows));
}

function noteOn(passage: Passage, { texts, store }: ViewContext): string {
  const { text, cutFrom, read, carried, fields } = passage;
  const what = texts?.fields ? "row" : "text";
  if (!carried) return `This page does not carry its ${what}`;
  if (fields) {
    const all = texts?.fields ?? fields.length;
    const some = fields.length < all ? `${fields.length} of ${all} fields` : `${all} fields`;
    return `${some}, those that differ most from its neighbors at ${store.manifest.probes.at(-1)} first`;
  }
  if (text === "") return "Its text is empty";
  const length = [...text].length;
  const all = countOf(cutFrom ?? length);
  const here = cutFrom === undefined ? all : `The first ${formatCount(length)} of ${all}`;
  if (read === undefined) return here;
  return `${here}; the network was given ${read === 0 ? "none" : `the first ${formatCount(read)}`}`;
}

function countOf(count: number): string {
  return count === 1 ? "1 character" : `${formatCount(count)} characters`;
}

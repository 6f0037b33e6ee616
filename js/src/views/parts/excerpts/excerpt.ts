/**
 * The first lines of an example's text, in a place where others have their picture; the styles cut them off.
 *
 * Only in the bundle that shows examples that are no pictures; the shared code asks for it behind `PREVIEWS`.
 */
import type { Passage } from "../../../store/previews/late_texts";
import { h, setAttribute, setText } from "../dom";
import type { ViewContext } from "../view";

export interface Excerpt {
  readonly element: HTMLElement;
  /** Show that of an example; false while it is on its way. */
  show(index: number): boolean;
}

/** Characters beyond what any cell has lines for: a long text would only be laid out to be cut off. */
const MOST = 900;
/** Of a text that stands in a button, and so is in its name: as many as are seen there. */
export const SPOKEN = 200;

/** Null where the examples have no texts. */
export function createExcerpt({ texts }: ViewContext, most = MOST): Excerpt | null {
  if (!texts) return null;
  const element = h("span", { class: "excerpt", dir: "auto" });
  return {
    element,
    show(index) {
      const passage = texts.passage(index);
      setText(element, passage ? wordsOf(passage, most) : "…");
      setAttribute(element, "data-none", !passage || passage.text.trim() === "");
      return passage !== undefined;
    },
  };
}

/** Whether small places show texts, since there are no pictures. */
export function isWorded({ texts, tiles }: ViewContext): boolean {
  return PREVIEWS && texts !== undefined && tiles === null;
}

/** The beginning of a text for who does not see it; empty while it is on its way. */
export function spokenExcerpt({ texts }: ViewContext, index: number): string {
  const passage = texts?.passage(index);
  return passage ? wordsOf(passage, SPOKEN) : "";
}

function wordsOf({ text, carried, fields }: Passage, most: number): string {
  if (!carried) return "not in this page";
  const words = text.slice(0, 2 * most).trim();
  if (words === "") return "empty text";
  if (most > SPOKEN) return words.slice(0, most);
  const line = fields ? words.replaceAll("\n", ", ") : words.replace(/\s+/g, " ");
  return line.slice(0, most);
}

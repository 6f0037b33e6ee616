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
      if (passage) showWords(element, wordsOf(passage, most), givenWords(passage, most));
      else setText(element, "…");
      setAttribute(element, "data-none", !passage || passage.text.trim() === "");
      return passage !== undefined;
    },
  };
}

/** Words of which the network was given the first; what was cut off is marked as such. */
export function showWords(element: HTMLElement, words: string, given: string | undefined): void {
  if (given !== undefined) {
    const rest = h("span", { class: "unread" }, words.slice(given.length));
    element.replaceChildren(words.slice(0, given.length), rest);
  } else if (element.childElementCount > 0) element.replaceChildren(words);
  else setText(element, words);
}

/** The part of a text that the network was given, where that is not all of it. */
export function givenOf({ text, read }: Passage): string | undefined {
  return read === undefined ? undefined : [...text].slice(0, read).join("");
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

function wordsOf(passage: Passage, most: number): string {
  if (!passage.carried) return "not in this page";
  return beginningOf(passage, most) || "empty text";
}

/** As much of the words as the network was given; their beginning is the same. */
function givenWords(passage: Passage, most: number): string | undefined {
  const text = passage.carried ? givenOf(passage) : undefined;
  return text === undefined ? undefined : beginningOf({ ...passage, text }, most);
}

function beginningOf({ text, fields }: Passage, most: number): string {
  const words = text.slice(0, 2 * most).trim();
  if (most > SPOKEN) return words.slice(0, most);
  const line = fields ? words.replaceAll("\n", ", ") : words.replace(/\s+/g, " ");
  return line.slice(0, most);
}

/**
 * Copying: by the clipboard, and where a page may not write to it, by a field that is marked and copied as if by hand.
 */
import { h } from "./dom";

/** Copy a text, and return what to say of it. */
export async function copied(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return DONE;
  } catch {
    return copyByHand(text) ? DONE : "The browser lets nothing be copied.";
  }
}

const DONE = "Copied.";

function copyByHand(text: string): boolean {
  const { activeElement } = document;
  const field = h("textarea", {}, text);
  document.body.append(field);
  field.select();
  const done = document.execCommand?.("copy");
  field.remove();
  (activeElement as HTMLElement | null)?.focus();
  return done;
}

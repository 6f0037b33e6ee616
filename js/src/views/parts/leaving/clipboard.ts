/**
 * Copying: by the clipboard, and where a page may not write to it, by a field that is marked and copied as if by hand.
 */
import { h } from "../dom";

/** Copy a text, and return what to say of it. */
export async function copied(text: string): Promise<string> {
  return (await copyText(text)) ? "Copied." : "The browser lets nothing be copied.";
}

/** Copy a text; false where the browser lets nothing be copied. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByHand(text);
  }
}

function copyByHand(text: string): boolean {
  const { activeElement } = document;
  const field = h("textarea", {}, text);
  document.body.append(field);
  field.select();
  const done = document.execCommand?.("copy") ?? false;
  field.remove();
  (activeElement as HTMLElement | null)?.focus();
  return done;
}

/**
 * The name of the annotator, kept in the browser: whoever was asked once is not asked again.
 */

const KEY = "depthviz/annotator";

/** Empty where there is none, or where the browser keeps nothing. */
export function readName(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

export function keepName(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // The name holds as long as the page.
  }
}

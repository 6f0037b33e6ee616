/**
 * The name that a person gave once in this browser, so that nobody is asked twice.
 */

const KEY = "depthviz/annotator";

/** Empty where nobody gave one, or the browser keeps nothing. */
export function rememberedAnnotator(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

export function rememberAnnotator(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Then it is asked for again.
  }
}

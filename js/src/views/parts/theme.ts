/**
 * Light or dark, as the host sets it, followed while it changes.
 *
 * JupyterLab, VS Code, Colab and marimo each mark the document in their own way; without a mark the system's preference counts.
 */
import { on } from "./interaction";
import type { ThemeName } from "./view";

const DARK = "(prefers-color-scheme: dark)";

export function detectTheme(): ThemeName {
  const { body, documentElement } = document;
  const jupyter = body.getAttribute("data-jp-theme-light");
  if (jupyter !== null) return jupyter === "true" ? "light" : "dark";
  const name =
    body.getAttribute("data-vscode-theme-kind") ??
    [...body.classList].find((token) => token.startsWith("vscode-")) ??
    body.getAttribute("data-theme") ??
    documentElement.getAttribute("theme");
  if (name !== null) return isDarkName(name) ? "dark" : "light";
  return globalThis.matchMedia?.(DARK).matches ? "dark" : "light";
}

/** A theme that a browser kept. */
export function readTheme(kept: unknown): ThemeName | "auto" {
  return kept === "light" || kept === "dark" ? kept : "auto";
}

/** Call back whenever the host's theme may have changed; returns the way to stop. */
export function followTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  const system = globalThis.matchMedia?.(DARK);
  for (const element of [document.body, document.documentElement]) {
    observer.observe(element, { attributes: true });
  }
  const stop = system && on(system, "change", changed);
  return () => {
    observer.disconnect();
    stop?.();
  };
}

/** The used value of a color variable, without `var()`, as a canvas needs it. */
export function resolveColor(element: HTMLElement, variable: string, fallback: string): string {
  // Of a property that is not inherited: nothing within the element is styled anew.
  element.style.outlineColor = `var(${variable})`;
  const color = getComputedStyle(element).outlineColor;
  element.style.outlineColor = "";
  return color && !color.includes("var(") ? color : fallback;
}

function isDarkName(name: string): boolean {
  return name.includes("dark") || name === "vscode-high-contrast";
}

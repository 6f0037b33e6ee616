/**
 * The signs on buttons, drawn as lines in the color of the text; the name of the button says what they mean.
 */
import { h, svg } from "./dom";

const PATHS = {
  undo: "M6.5 3.5 3 7l3.5 3.5M3.5 7H10a3.5 3.5 0 0 1 0 7H8",
  redo: "M9.5 3.5 13 7l-3.5 3.5M12.5 7H6a3.5 3.5 0 0 0 0 7h2",
  find: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.5 10.5 14 14",
  help: "M5.8 6a2.3 2.3 0 1 1 3.4 2c-.8.5-1.2.9-1.2 1.9M8 12.6v.1",
  screen: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  wider: "M5 4.5 1.5 8 5 11.5M11 4.5 14.5 8 11 11.5M2 8h12",
  lasso: "M8 3c3.3 0 6 1.7 6 3.8s-2.7 3.7-6 3.7-6-1.6-6-3.7S4.7 3 8 3ZM5 10.2c-.6 1.5.2 2.3-1 3.6",
  box: "M2.5 4V2.5H4M12 2.5h1.5V4M13.5 12v1.5H12M4 13.5H2.5V12M6.5 2.5h3M6.5 13.5h3M2.5 6.5v3M13.5 6.5v3",
  pan: "M8 2v12M2 8h12M6.3 3.7 8 2l1.7 1.7M6.3 12.3 8 14l1.7-1.7M3.7 6.3 2 8l1.7 1.7M12.3 6.3 14 8l-1.7 1.7",
  fit: "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3M6.5 8h3M8 6.5v3",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  play: "M4.5 2.5v11L13 8Z",
  pause: "M5.5 3v10M10.5 3v10",
  up: "M8 13V3M4 7l4-4 4 4",
  theme: "M8 2.5a5.5 5.5 0 1 0 0 11ZM8 2.5a5.5 5.5 0 0 1 0 11",
  down: "M8 3v10M4 9l4 4 4-4",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  const view = { class: "sign", viewBox: "0 0 16 16", "aria-hidden": "true" };
  return svg("svg", view, svg("path", { d: PATHS[name] }));
}

/** Draw another sign in the place of one. */
export function changeIcon(element: SVGSVGElement, name: IconName): void {
  element.firstElementChild?.setAttribute("d", PATHS[name]);
}

/** A quiet button that shows a sign alone. */
export function iconButton(control: string, sign: IconName, title: string): HTMLButtonElement {
  const names = { title, "aria-label": title, control };
  return h("button", { class: "icon", ...names }, icon(sign));
}

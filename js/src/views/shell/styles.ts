/**
 * The styles, applied to the document or shadow root that the view is in.
 *
 * A constructed sheet needs no `style` element, so the offline page's policy can forbid them. A notebook may draw a view
 * before it is attached: then the document's styles serve until it is.
 */

import grid from "../grid/grid.css?raw";
import plane from "../groups/plane.css?raw";
import filters from "../histograms/filters.css?raw";
import film from "../inspector/film/film.css?raw";
import inspector from "../inspector/inspector.css?raw";
import map from "../map/map.css?raw";
import base from "../parts/base.css?raw";
import controls from "../parts/controls.css?raw";
import forced from "../parts/forced.css?raw";
import single from "../parts/single.css?raw";
import bar from "./bar.css?raw";
import help from "./help.css?raw";
import layout from "./layout.css?raw";

/** In this order: later ones refine earlier ones. */
const TEXT = [
  base,
  bar,
  layout,
  controls,
  filters,
  map,
  grid,
  inspector,
  film,
  plane,
  help,
  single,
  forced,
].join("\n");

export function adoptStyles(element: HTMLElement): () => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(TEXT);
  let home = homeOf(element);
  home.adoptedStyleSheets = [...home.adoptedStyleSheets, sheet];

  const move = () => {
    const next = homeOf(element);
    if (next === home) return;
    remove(home, sheet);
    home = next;
    home.adoptedStyleSheets = [...home.adoptedStyleSheets, sheet];
  };
  const observer = new ResizeObserver(move);
  observer.observe(element);
  return () => {
    observer.disconnect();
    remove(home, sheet);
  };
}

function homeOf(element: HTMLElement): Document | ShadowRoot {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root : element.ownerDocument;
}

function remove(home: Document | ShadowRoot, sheet: CSSStyleSheet): void {
  home.adoptedStyleSheets = home.adoptedStyleSheets.filter((other) => other !== sheet);
}

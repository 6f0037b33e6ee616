/**
 * The legend of the map: what its colors and shapes stand for.
 *
 * Of many classes only the first are listed; the chips next to the map list them all.
 */
import { h } from "../parts/dom";
import { swatch } from "../parts/swatch";
import type { Legend, LegendItem } from "./encoding";

const MOST = 20;
const OF_TOO_MANY = 6;

export function drawLegend(element: HTMLElement, legend: Legend): void {
  const title = h("span", { class: "legend-title" }, legend.title);
  element.replaceChildren(title, ...(legend.kind === "codes" ? codes(legend) : scale(legend)));
}

function codes(legend: Legend & { kind: "codes" }): HTMLElement[] {
  const most = legend.items.length > MOST ? OF_TOO_MANY : MOST;
  const items = legend.items.slice(0, most).map(item);
  const left = legend.items.length - items.length;
  return left > 0 ? [...items, h("span", { class: "hint" }, `and ${left} more`)] : items;
}

function item({ name, mark }: LegendItem): HTMLElement {
  const text = h("span", { class: "name" }, name);
  return h("span", { class: "legend-item", title: name }, swatch(mark), text);
}

function scale(legend: Legend & { kind: "scale" }): HTMLElement[] {
  const ramp = h("span", { class: "ramp" });
  ramp.style.backgroundImage = `linear-gradient(to right, ${legend.stops.join(", ")})`;
  const known = [h("span", {}, legend.low), ramp, h("span", {}, legend.high)];
  const missing = legend.missing ? [item({ name: "missing", mark: legend.missing })] : [];
  return legend.low === "" ? missing : [...known, ...missing];
}

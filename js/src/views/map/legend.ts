/**
 * The legend of the map: what its colors and shapes stand for.
 *
 * Of many classes only the first are listed; the chips next to the map list them all.
 */
import { closest, h } from "../parts/dom";
import { on } from "../parts/interaction";
import { swatch } from "../parts/swatch";
import type { ViewContext } from "../parts/view";
import type { Legend, LegendItem } from "./encoding";

const MOST = 20;
const OF_TOO_MANY = 6;

/** A click on what stands for a code keeps its examples, as by keys a bar or a chip of that column does. */
export function createLegend({ store, signal }: ViewContext): HTMLElement {
  const element = h("div", { class: "legend", role: "group", "aria-label": "Legend" });
  on(
    element,
    "click",
    (event) => {
      const code = closest(event, "[data-depthviz-legend]")?.dataset.depthvizLegend;
      if (code && store.columns.has(store.color)) store.toggleFilter(store.color, Number(code));
    },
    signal,
  );
  return element;
}

export function drawLegend(element: HTMLElement, legend: Legend): void {
  const title = h("span", { class: "legend-title" }, legend.title);
  element.replaceChildren(title, ...(legend.kind === "codes" ? codes(legend) : scale(legend)));
}

function codes(legend: Legend & { kind: "codes" }): HTMLElement[] {
  const most = legend.items.length > MOST ? OF_TOO_MANY : MOST;
  const items = legend.items.slice(0, most).map(codeItem);
  const left = legend.items.length - items.length;
  return left > 0 ? [...items, h("span", { class: "hint" }, `and ${left} more`)] : items;
}

function codeItem({ name, mark }: LegendItem, code: number): HTMLElement {
  const attributes = {
    class: "legend-item bare",
    title: `Keep ${name}`,
    "data-depthviz-legend": code,
    tabindex: -1,
  };
  return h("button", attributes, swatch(mark), h("span", { class: "name" }, name));
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

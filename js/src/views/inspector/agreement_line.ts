/**
 * How an example is decided, as a line over the probes: the share of its neighbors that bear the predicted class.
 *
 * Where the label is another class, a dashed line follows the share that bears the label. The depth stands as an upright line
 * at the probe from which on every vote is the prediction.
 */
import { textOf } from "../../store/columns";
import { blockName, neighborsOf } from "../../store/details";
import { depthOf } from "../../store/lookups";
import type { Store } from "../../store/store";
import { h, setAttribute, svg } from "../parts/dom";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import type { DetailCache } from "./detail_cache";

const WIDTH = 240;
const HEIGHT = 72;
const EDGE = { left: 6, right: 6, top: 6, bottom: 6 };

export function createAgreementLine(context: ViewContext, details: DetailCache): View {
  const { store } = context;
  const { probes, k } = store.manifest;
  const prediction = svg("path", { class: "line prediction" });
  const label = svg("path", { class: "line label" });
  const decided = svg("path", { class: "decided" });
  const now = svg("path", { class: "now" });
  const grid = svg("path", { class: "grid-lines", d: gridLines() });
  const dots = svg("g", { class: "dots" });
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", preserveAspectRatio: "none" },
    ...[grid, now, decided, label, prediction, dots],
  );
  const ends = h("div", { class: "line-ends", "aria-hidden": "true" });
  const names = probes.length > 1 ? [probes[0], probes.at(-1)] : probes;
  ends.append(...names.map((name) => h("span", {}, name ?? "")));
  const scale = h("div", { class: "line-scale", "aria-hidden": "true" });
  scale.append(h("span", {}, "100 %"), h("span", {}, "0 %"));
  const chart = h("div", { class: "line-chart" }, scale, drawing, ends);
  const legend = h("p", { class: "hint line-legend" });
  const heading = h("h3", {}, "Neighbors with the predicted class ");
  heading.append(h("span", { class: "aside" }, `of ${k}`));
  const element = h("section", { class: "agreement-line" }, heading, chart, legend);

  function paint(index: number): void {
    const shares = agreementOf(store, index);
    const others = labelDiffers(store, index) ? labelShares(store, details, index) : null;
    const depth = depthOf(store, index);
    setAttribute(prediction, "d", pathOf(shares));
    setAttribute(label, "d", others ? pathOf(others) : "");
    setAttribute(decided, "d", depth === undefined ? "" : upright(depth, probes.length));
    setAttribute(decided, "data-undecided", depth !== undefined && depth >= probes.length);
    dots.replaceChildren(...shares.map((share, i) => dotOf(share, i, probes)));
    setAttribute(drawing, "aria-label", sharesText(shares, probes, depth));
    legend.replaceChildren(
      key("prediction", nameIn(store, "prediction", index, "predicted")),
      ...(others ? [key("label", nameIn(store, "label", index, "label"))] : []),
      h("span", {}, depthText(depth, probes)),
    );
  }

  paintOnChange(context, () => {
    element.hidden = store.focus === null || !store.parts.agreement;
    if (!element.hidden && store.focus !== null) paint(store.focus);
  });
  paintOnChange(context, () => {
    setAttribute(now, "d", upright(Math.round(store.probe), probes.length));
  });
  return { element };
}

function agreementOf(store: Store, index: number): number[] {
  const { count, probes } = store.manifest;
  return probes.map((_, probe) => (store.parts.agreement?.[probe * count + index] ?? 0) / 255);
}

function labelDiffers(store: Store, index: number): boolean {
  const [label, prediction] = [codeOf(store, "label", index), codeOf(store, "prediction", index)];
  return label !== undefined && label !== prediction;
}

/** A detail of the line and what it stands for. */
function key(kind: string, text: string): HTMLElement {
  return h("span", { class: "key" }, h("span", { class: `stroke ${kind}` }), text);
}

function nameIn(store: Store, name: string, index: number, what: string): string {
  const column = store.columns.get(name);
  return `${what} ${(column && textOf(column, index)) || "–"}`;
}

/** The share of neighbors with the given label, once all of them are there: a page may carry the nearest alone. */
function labelShares(store: Store, details: DetailCache, index: number): number[] | null {
  const info = store.manifest.details.neighbors;
  const label = store.columns.get("label");
  if (!info || info.k < store.manifest.k || label?.type !== "code") return null;
  const detail = details.get(blockName("neighbors", index, info.per_block));
  if (detail.state !== "ready") return null;
  return neighborsOf(store.manifest, detail.bytes, index).map((found) => {
    const same = found.filter((neighbor) => label.codes[neighbor] === label.codes[index]);
    return found.length > 0 ? same.length / found.length : 0;
  });
}

export function codeOf(store: Store, name: string, index: number): number | undefined {
  const column = store.columns.get(name);
  const code = column?.type === "code" ? column.codes[index] : undefined;
  return column?.type === "code" && code !== column.missing ? code : undefined;
}

function x(probe: number, count: number): number {
  const width = WIDTH - EDGE.left - EDGE.right;
  return EDGE.left + (count > 1 ? (probe / (count - 1)) * width : width / 2);
}

function y(share: number): number {
  return EDGE.top + (1 - share) * (HEIGHT - EDGE.top - EDGE.bottom);
}

function pathOf(shares: readonly number[]): string {
  const points = shares.map(
    (share, i) => `${x(i, shares.length).toFixed(1)} ${y(share).toFixed(1)}`,
  );
  return points.length > 0 ? `M${points.join("L")}` : "";
}

/** Between the last probe that disagrees and the first that does not; beyond all where none does. */
function upright(probe: number, count: number): string {
  const at = Math.min(x(Math.min(probe, count - 1), count) + (probe >= count ? 4 : 0), WIDTH - 1);
  return `M${at.toFixed(1)} 0V${HEIGHT}`;
}

function gridLines(): string {
  return [0, 0.5, 1].map((share) => `M0 ${y(share)}H${WIDTH}`).join("");
}

function dotOf(share: number, probe: number, probes: readonly string[]): SVGElement {
  const title = svg("title");
  title.append(`${probes[probe]}: ${Math.round(100 * share)} %`);
  const d = `M${x(probe, probes.length).toFixed(1)} ${y(share).toFixed(1)}h0`;
  return svg("path", { class: "dot", d }, title);
}

function sharesText(
  shares: readonly number[],
  probes: readonly string[],
  depth: number | undefined,
): string {
  const texts = shares.map((share, i) => `${probes[i]} ${Math.round(100 * share)} %`).join(", ");
  return `Share of neighbors with the predicted class, by probe: ${texts}. ${depthText(depth, probes)}`;
}

function depthText(depth: number | undefined, probes: readonly string[]): string {
  if (depth === undefined) return "";
  if (depth >= probes.length) return "Undecided: the last probe disagrees.";
  return `Decided from ${probes[depth]} on.`;
}

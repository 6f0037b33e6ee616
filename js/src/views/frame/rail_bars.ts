/**
 * A histogram so small that only its shape is seen: the counts of one column under all other filters.
 *
 * Where each given label has a bar of its own, a click on the bar keeps that class, as its chip in the panel does.
 */
import { DEPTHS } from "../../store/depths";
import type { Store } from "../../store/store";
import { setAttribute, svg } from "../parts/dom";

const WIDE = 44;
const TALL = 18;
const MOST_BARS = 22;
const GAP = 0.5;

export interface RailBars {
  readonly element: SVGSVGElement;
  paint(): void;
}

export function createRailBars(store: Store, name: string): RailBars {
  const classes = name === "label" ? classesOf(store) : [];
  const fill = svg("path", { class: "rail-fill" });
  const base = svg("path", { class: "rail-base", d: `M0 ${TALL}H${WIDE}` });
  const view = { class: "rail-bars", viewBox: `0 0 ${WIDE} ${TALL}`, "aria-hidden": "true" };
  const element = svg("svg", view, base, fill, ...classes);
  return {
    element,
    paint() {
      setAttribute(fill, "d", pathOf(squeeze(countsOf(store, name))));
      const kept = new Set(store.filters.kept(name));
      for (const [code, bar] of classes.entries())
        setAttribute(bar, "aria-pressed", String(kept.has(code)));
    },
  };
}

/** What a pointer meets of each class: as tall as the histogram, however few carry the label. */
function classesOf(store: Store): readonly SVGRectElement[] {
  const column = store.columns.get("label");
  if (column?.type !== "code" || column.names.length > MOST_BARS) return [];
  const width = WIDE / column.names.length;
  return column.names.map((text, code) => {
    const place = { x: code * width, y: 0, width, height: TALL };
    const title = svg("title");
    title.textContent = text;
    return svg("rect", { class: "rail-class", "data-depthviz-class": code, ...place }, title);
  });
}

function countsOf(store: Store, name: string): readonly number[] {
  const bins = store.bins(name);
  const isCoded = store.columns.get(name)?.type === "code" || DEPTHS.includes(name);
  if (isCoded) return [...store.counts(name)];
  return bins ? [...store.tally(bins, name)].slice(0, bins.bins) : [];
}

/** So many that each bar is seen: neighbors are added up. */
function squeeze(counts: readonly number[]): number[] {
  const per = Math.ceil(counts.length / MOST_BARS);
  const bars = Array.from({ length: Math.ceil(counts.length / per) || 0 }, () => 0);
  counts.forEach((count, i) => {
    const bar = Math.floor(i / per);
    bars[bar] = (bars[bar] ?? 0) + count;
  });
  return bars;
}

function pathOf(bars: readonly number[]): string {
  const most = Math.max(1, ...bars);
  const wide = WIDE / Math.max(1, bars.length);
  return bars
    .map((count, i) => {
      if (count === 0) return "";
      const top = TALL - Math.max(1, (TALL * count) / most);
      const [from, to] = [i * wide + GAP, (i + 1) * wide - GAP].map((x) => x.toFixed(1));
      return `M${from} ${TALL}V${top.toFixed(1)}H${to}V${TALL}z`;
    })
    .join("");
}

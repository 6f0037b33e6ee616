/**
 * The depth histogram: one bar a depth, named by the probe from which on every vote is the prediction.
 *
 * Depth P says that even the last probe disagrees; its bar stands apart. Of many networks there are two side by side, of the
 * mean depths when trained on and when held out; a bar then holds the means from its depth to below the next.
 */
import { countDepths, HELD_OUT, twoDepths } from "../../store/depths";
import { hasTwoDepths } from "../../store/lookups";
import type { Store } from "../../store/store";
import { h } from "../parts/dom";
import type { View, ViewContext } from "../parts/view";
import { createBars, type Row } from "./bars";

export function createDepthBars(context: ViewContext): View {
  const { store } = context;
  const names = hasTwoDepths(store) ? twoDepths(store.columns) : ["depth"];
  const rows = names.map((name) => rowsOf(store, name));
  const most = Math.max(1, ...rows.flat().map(({ total }) => total));
  const lists = names.map((name, i) => createBars(context, name, rows[i] ?? [], most));
  const several = lists.length > 1;
  const aside = several ? "mean over members" : "decided from …";
  const element = h("section", { class: "panel" });
  element.append(h("h3", {}, "Depth ", h("span", { class: "aside" }, aside)));
  if (several) {
    const titles = ["trained on", "held out"].map((title) => h("span", { class: "aside" }, title));
    element.append(h("div", { class: "pair" }, ...titles, ...lists.map((list) => list.element)));
  } else element.append(...lists.map((list) => list.element));
  return { element };
}

function rowsOf(store: Store, column: string): Row[] {
  const { probes } = store.manifest;
  return countDepths(store.columns.get(column), probes.length + 1).map((total, depth) => {
    const undecided = depth === probes.length;
    const name = undecided ? "undecided" : (probes[depth] ?? "");
    return {
      code: depth,
      name,
      number: String(depth),
      title: barTitle(column, depth, undecided ? "" : name),
      total,
      apart: undecided,
      hooks: { "data-depthviz-depth": column === HELD_OUT ? undefined : depth },
    };
  });
}

/** Counts over all examples, whatever is filtered now. */
/** A name only where there is a probe: beyond the last one nothing is decided. */
function barTitle(column: string, depth: number, name: string): string {
  const mean = column !== "depth";
  if (name === "") {
    const who = mean ? " in every member" : "";
    return `depth ${depth}: even the last probe disagrees${who}`;
  }
  return mean
    ? `mean depth ${depth} to below ${depth + 1}, from ${name}`
    : `depth ${depth}: ${name}`;
}

/**
 * The votes on one example, probe by probe, as a table.
 *
 * Every vote is marked as equal to the prediction or not by shape and color; the depth is the probe from which on all are equal.
 */
import { depthOf } from "../../store/lookups";
import type { Store } from "../../store/store";
import { h, setAttribute } from "../parts/dom";

/** The vote at every probe, and a row where they are settled. */
export function probeTable(store: Store, index: number): HTMLElement {
  const { probes } = store.manifest;
  if (!store.parts.votes) return h("div");
  const rows = probes.map((name, probe) => probeRow(store, index, probe, name));
  markDecision(rows, store, index);
  const columns = ["Probe", "Vote", "Neighbors"];
  const head = h("tr", {}, ...columns.map((text) => h("th", { scope: "col" }, text)));
  head.title = `Neighbors: share of the ${store.manifest.k} nearest neighbors whose label is the prediction`;
  const table = h("table", { class: "probes" }, h("thead", {}, head), h("tbody", {}, ...rows));
  markProbe(table, Math.round(store.probe));
  return table;
}

/** A row of its own where the prediction is decided, or below all where it never is. */
function markDecision(rows: HTMLElement[], store: Store, index: number): void {
  const depth = depthOf(store, index);
  if (depth === undefined) return;
  const undecided = depth >= store.manifest.probes.length;
  const text = undecided ? "never settled: the last probe disagrees" : "settled from here on";
  const cell = h("td", { colspan: 3 }, text);
  const row = h("tr", { class: "decision", "data-undecided": undecided }, cell);
  rows.splice(Math.floor(depth), 0, row);
}

function probeRow(store: Store, index: number, probe: number, name: string): HTMLElement {
  const { count, classes } = store.manifest;
  const vote = store.parts.votes?.[probe * count + index] ?? 65535;
  const prediction = store.columns.get("prediction");
  const known = prediction?.type === "code" && vote !== 65535;
  const agrees = known && prediction.codes[index] === vote;
  const mark = h("span", { class: "vote-mark", "aria-hidden": "true" }, agrees ? "●" : "○");
  const spoken = h(
    "span",
    { class: "spoken" },
    agrees ? " is the prediction" : " is not the prediction",
  );
  return h(
    "tr",
    { "data-probe": probe, "data-agrees": String(agrees) },
    h("th", { scope: "row", title: name }, name),
    h("td", { class: "vote" }, mark, classes[vote] ?? "–", spoken),
    h("td", {}, agreementBar(store, index, probe)),
  );
}

function agreementBar(store: Store, index: number, probe: number): HTMLElement {
  const value = store.parts.agreement?.[probe * store.manifest.count + index];
  if (value === undefined) return h("span");
  const share = Math.round((100 * value) / 255);
  const fill = h("span", { class: "fill" });
  fill.style.width = `${share}%`;
  return h("span", { class: "agreement" }, h("span", { class: "track" }, fill), `${share} %`);
}

/** Mark the row of the probe that the map shows. */
export function markProbe(within: HTMLElement, probe: number): void {
  for (const row of within.querySelectorAll("tr[data-probe]")) {
    setAttribute(row, "data-current", row.getAttribute("data-probe") === String(probe));
  }
}

/**
 * The inspector: all that is known of the example in focus, and how its prediction came about, probe by probe.
 *
 * Every probe's vote is marked as equal to the prediction or not by shape and color; the depth is the probe from
 * which on all are equal.
 */
import { textOf } from "../store/columns";
import { depthOf, type Store } from "../store/store";
import { createPicture } from "./cell";
import { type Description, describe, type Verdict } from "./describe";
import { h, setAttribute, setText } from "./dom";
import { anyOf, type Stage, type View } from "./stage";

const IN_HEAD = new Set(["example_id", "label", "prediction", "confidence", "depth"]);

const VERDICTS: Readonly<Record<Verdict, string>> = {
  right: "✓ the label",
  wrong: "✕ not the label",
  unknown: "",
};

export function createInspector(stage: Stage): View {
  const { store, tiles } = stage;
  const id = h("span", { class: "specimen-id" });
  const hidden = h("span", { class: "note" }, "hidden by the filters");
  const body = h("div", {
    class: "inspector-body",
    tabindex: 0,
    role: "group",
    "aria-label": "Details",
  });
  const hint = h(
    "p",
    { class: "hint" },
    "Choose an example in the grid or in the map to see how it was decided.",
  );
  const picture = tiles ? createPicture(tiles) : null;

  function draw(): void {
    const index = store.focus;
    if (index === null) {
      body.replaceChildren(hint);
      return;
    }
    const scroll = body.scrollTop;
    body.replaceChildren(head(index), probeTable(store, index), columnList(store, index));
    body.scrollTop = scroll;
  }

  function head(index: number): HTMLElement {
    const words = describe(store, index);
    setText(id, words.id);
    setAttribute(id, "title", words.id);
    if (picture && tiles) setAttribute(picture, "data-empty", !tiles.draw(index, picture));
    return h(
      "div",
      { class: "specimen" },
      ...(picture ? [picture] : []),
      summary(words, store, index),
    );
  }

  return {
    element: h(
      "section",
      { class: "pane", "data-depthviz-view": "inspector", "aria-label": "Inspector" },
      h("div", { class: "head" }, h("h3", {}, "Example"), hidden, id),
      body,
    ),
    update(changed) {
      hidden.hidden = store.focus === null || store.filters.isShown(store.focus);
      if (anyOf(changed, "focus", "parts", "size", "tiles")) draw();
      else if (changed.has("probe")) markProbe(body, Math.round(store.probe));
    },
  };
}

function summary(words: Description, store: Store, index: number): HTMLElement {
  const confidence = store.columns.get("confidence");
  const sure = confidence ? textOf(confidence, index) : "";
  const rows: (readonly [string, string, string?])[] = [
    ["Label", words.label],
    ["Prediction", words.prediction, VERDICTS[words.verdict]],
    ["Depth", words.depth, depthText(store, index)],
  ];
  if (sure !== "") rows.splice(2, 0, ["Confidence", sure]);
  const list = rows.map(([name, value, note]) => fact(name, value, note));
  return h("div", { class: "summary", "data-verdict": words.verdict }, h("dl", {}, ...list));
}

function depthText(store: Store, index: number): string {
  const depth = depthOf(store, index);
  const { probes } = store.manifest;
  if (depth === undefined) return "";
  return depth >= probes.length ? "undecided" : `from ${probes[Math.floor(depth)]}`;
}

function fact(name: string, value: string, note = ""): HTMLElement {
  const aside = note === "" ? [] : [h("span", { class: "note" }, note)];
  return h("div", { class: "fact" }, h("dt", {}, name), h("dd", {}, value, ...aside));
}

function columnList(store: Store, index: number): HTMLElement {
  const rows = [...store.columns.values()]
    .filter(({ info }) => !IN_HEAD.has(info.name))
    .map((column) => {
      const row = fact(column.info.title, textOf(column, index) || "–");
      if (column.info.help) row.title = column.info.help;
      return row;
    });
  return h("dl", { class: "columns" }, ...rows);
}

function probeTable(store: Store, index: number): HTMLElement {
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
  const text = undecided ? "undecided: the last probe disagrees" : "decided from here on";
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
  const mark = h("span", { class: "vote-mark", "aria-hidden": "true" }, agrees ? "●" : "✕");
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

function markProbe(within: HTMLElement, probe: number): void {
  for (const row of within.querySelectorAll("tr[data-probe]")) {
    setAttribute(row, "data-current", row.getAttribute("data-probe") === String(probe));
  }
}

/**
 * The inspector: all that is known of the example in focus, and how its prediction came about, probe by probe.
 *
 * Of many networks, what they agree on and both depths come first; prediction and votes are those of the one that is shown.
 * Every probe's vote is marked as equal to the prediction or not by shape and color; the depth is the probe from
 * which on all are equal.
 */
import { textOf } from "../store/columns";
import { depthOf, hasTwoDepths, numberOf, type Store, TWO_DEPTHS } from "../store/store";
import { createPicture } from "./cell";
import { type Description, describe, membersOf, textWithError, type Verdict } from "./describe";
import { h, setAttribute, setText } from "./dom";
import { createGroupMark } from "./group_mark";
import { anyOf, type Stage, type View } from "./stage";

const IN_HEAD = new Set(["example_id", "label", "prediction", "confidence", "depth"]);
const IN_ENSEMBLE_HEAD = new Set([
  ...["group", "group_confidence", "consensus_class", "trained_on", "held_out"],
  ...TWO_DEPTHS,
]);

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
    const parts = [probeTable(store, index), columnList(store, index)];
    body.replaceChildren(head(index), ...memberHead(store, index), ...parts);
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
      summary(words, stage, index),
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
      if (anyOf(changed, "focus", "groups", "parts", "size", "tiles", "theme")) draw();
      else if (changed.has("probe")) markProbe(body, Math.round(store.probe));
    },
  };
}

type Row = readonly [name: string, value: string | Node, note?: string];

function summary(words: Description, stage: Stage, index: number): HTMLElement {
  const { store } = stage;
  const label: Row = ["Label", words.label];
  const rows = words.depths
    ? [label, ...ensembleRows(words, stage, index)]
    : [label, ...memberRows(store, index, VERDICTS[words.verdict])];
  return h("div", { class: "summary", "data-verdict": words.verdict }, factList(rows));
}

/** What the members agree on, and their two depths. */
function ensembleRows(words: Description, stage: Stage, index: number): Row[] {
  const { store } = stage;
  const rows: Row[] = [];
  if (words.group) {
    const mark = createGroupMark(stage);
    mark.show(words.group);
    const name = h("span", { class: "named" }, mark.element, h("span", {}, words.group.name));
    const sure = numberOf(store, "group_confidence", index);
    const share = sure === undefined ? "" : `in ${Math.round(100 * sure)} % of resamples`;
    const note = share && store.groupsMoved ? "moved; its confidence is unknown" : share;
    rows.push(["Group", name, note]);
  }
  if (store.columns.has("consensus_class")) {
    rows.push(["Consensus", words.prediction, VERDICTS[words.verdict]]);
  }
  const titles = ["Train depth", "Validation depth"];
  TWO_DEPTHS.forEach((name, i) => {
    const column = store.columns.get(name);
    if (!column) return;
    const members = membersOf(store, column, index);
    const text = textWithError(store, column, index) || "–";
    rows.push([titles[i] ?? "", text, members && `(${members})`]);
  });
  return rows;
}

/** What one network says: the only one, or the one that is shown of many. */
function memberRows(store: Store, index: number, verdict: string): Row[] {
  const value = (name: string) => {
    const column = store.columns.get(name);
    return column ? textOf(column, index) : "";
  };
  const sure = value("confidence");
  return [
    ["Prediction", value("prediction") || "none", verdict],
    ...(sure === "" ? [] : [["Confidence", sure] as const]),
    ["Depth", value("depth") || "–", depthText(store, index)],
  ];
}

function memberHead(store: Store, index: number): HTMLElement[] {
  if (!hasTwoDepths(store)) return [];
  const { member } = store.manifest;
  const split = store.columns.get("split");
  const side = split ? textOf(split, index) : "";
  const sides: Readonly<Record<string, string>> = {
    train: ", trained on it",
    validation: ", held it out",
  };
  const who = member === null ? "One network" : `Member ${member}`;
  const heading = h("h3", {}, `${who}${sides[side] ?? ""}`);
  return [h("div", { class: "of-member" }, heading, factList(memberRows(store, index, "")))];
}

function factList(rows: readonly Row[]): HTMLElement {
  return h("dl", {}, ...rows.map(([name, value, note]) => fact(name, value, note)));
}

function depthText(store: Store, index: number): string {
  const depth = depthOf(store, index);
  const { probes } = store.manifest;
  if (depth === undefined) return "";
  return depth >= probes.length ? "undecided" : `from ${probes[Math.floor(depth)]}`;
}

function fact(name: string, value: string | Node, note = ""): HTMLElement {
  const verdict = note !== "" && Object.values(VERDICTS).includes(note);
  const aside = h("span", { class: verdict ? "note verdict" : "note" }, note);
  return h(
    "div",
    { class: "fact" },
    h("dt", {}, name),
    h("dd", {}, value, ...(note === "" ? [] : [aside])),
  );
}

function columnList(store: Store, index: number): HTMLElement {
  const rows = [...store.columns.values()]
    .filter(({ info }) => !IN_HEAD.has(info.name))
    .filter(({ info }) => !hasTwoDepths(store) || !IN_ENSEMBLE_HEAD.has(info.name))
    .map((column) => {
      const row = fact(column.info.title, textWithError(store, column, index) || "–");
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

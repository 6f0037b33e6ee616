/**
 * The facts of one example in words: what is known of it, and what the networks say.
 *
 * Of many networks, what they agree on and both depths come first; prediction and votes are those of the one that is shown.
 */
import { type Column, textOf } from "../../store/columns";
import { twoDepths } from "../../store/depths";
import { depthOf, hasTwoDepths, numberOf } from "../../store/lookups";
import type { Store } from "../../store/store";
import { type Description, membersOf, textWithError, type Verdict } from "../parts/description";
import { h } from "../parts/dom";
import { createGroupMark } from "../parts/group_mark";
import type { ViewContext } from "../parts/view";

const IN_HEAD = new Set(["example_id", "label", "prediction", "confidence", "depth"]);
const IN_ENSEMBLE_HEAD = ["group", "group_confidence", "consensus_class", "trained_on", "held_out"];

const VERDICTS: Readonly<Record<Verdict, string>> = {
  right: "✓ the label",
  wrong: "✕ not the label",
  unknown: "",
};

/** What was recorded while networks trained on the example. */
const RECORD = ["iteration_learned", "forgetting", "aum"];

type Row = readonly [name: string, value: string | Node, note?: string];

/** Label, prediction and depth, or what the members agree on. */
export function summary(words: Description, context: ViewContext, index: number): HTMLElement {
  const { store } = context;
  const label: Row = ["Label", words.label];
  const rows = words.depths
    ? [label, ...ensembleRows(words, context, index)]
    : [label, ...memberRows(store, index, VERDICTS[words.verdict])];
  return h("div", { class: "summary", "data-verdict": words.verdict }, factList(rows));
}

/** What the members agree on, and their two depths. */
function ensembleRows(words: Description, context: ViewContext, index: number): Row[] {
  const { store } = context;
  const rows: Row[] = [];
  if (words.group) {
    const mark = createGroupMark(context);
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
  twoDepths(store.columns).forEach((name, i) => {
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

/** What the shown member of many says, under its own heading. */
export function memberHead(store: Store, index: number): HTMLElement[] {
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

/** How learning the example went, in the words of its measures; empty where the study has none of them. */
export function trainingRecord(store: Store, index: number): HTMLElement[] {
  const rows = RECORD.flatMap((name) => {
    const column = store.columns.get(name);
    if (column?.type !== "number") return [];
    const members = membersOf(store, column, index);
    const harder = column.info.harder ? `${column.info.harder} is harder` : "";
    const note = [harder, members].filter((text) => text !== "").join(", ");
    return [columnFact(store, column, index, note)];
  });
  if (rows.length === 0) return [];
  return [h("h3", {}, "Training record"), h("dl", { class: "record" }, ...rows)];
}

/** All other columns, in their order. */
export function columnList(store: Store, index: number): HTMLElement {
  const inHead = new Set(
    hasTwoDepths(store) ? [...IN_ENSEMBLE_HEAD, ...twoDepths(store.columns)] : [],
  );
  const rows = [...store.columns.values()]
    .filter(({ info }) => !IN_HEAD.has(info.name) && !RECORD.includes(info.name))
    .filter(({ info }) => !inHead.has(info.name))
    .map((column) => columnFact(store, column, index));
  return h("dl", { class: "columns" }, ...rows);
}

function columnFact(store: Store, column: Column, index: number, note = ""): HTMLElement {
  const row = fact(column.info.title, textWithError(store, column, index) || "–", note);
  if (column.info.help) row.title = column.info.help;
  return row;
}

/**
 * The facts of one example in numbers: what is known of it, and what the networks say.
 *
 * Of many networks, what they agree on and both depths come first; prediction and votes are those of the one that is shown.
 */
import { type Column, formatCount, textOf } from "../../store/columns";
import { twoDepths } from "../../store/depths";
import { depthOf, hasTwoDepths, numberOf, probeNames } from "../../store/lookups";
import type { Store } from "../../store/store";
import { columnHelp } from "../parts/column_options";
import { h } from "../parts/dom";
import {
  type Description,
  membersOf,
  textWithError,
  type Verdict,
} from "../parts/examples/description";

const IN_HEAD = new Set([
  ...["example_id", "label", "label_name", "suggested_label", "prediction", "confidence", "depth"],
  ...["suspicion", "path"],
]);
const IN_ENSEMBLE_HEAD = ["group", "group_confidence", "consensus_class", "trained_on", "held_out"];

const VERDICTS: Readonly<Record<Verdict, string>> = {
  right: "the label",
  wrong: "not the label",
  unknown: "",
};

/** What was recorded while networks trained on the example. */
const RECORD = ["iteration_learned", "forgetting", "aum"];

type Row = readonly [name: string, value: string | Node, note?: string];

/** Suspicion, depths and confidence: what matters of an example beside its classes. */
export function summary(words: Description, store: Store, index: number): HTMLElement {
  const rows = words.depths
    ? ensembleRows(words, store, index)
    : memberRows(store, index, VERDICTS[words.verdict]);
  const all = [...suspicionRows(store, index), ...rows, ...pathRows(store, index)];
  return h("div", { class: "summary", "data-verdict": words.verdict }, factList(all));
}

function suspicionRows(store: Store, index: number): Row[] {
  const column = store.columns.get("suspicion");
  if (column?.type !== "number" || Number.isNaN(column.values[index])) return [];
  const value = column.values[index] as number;
  const rank = 1 + column.values.reduce((above, other) => above + Number(other > value), 0);
  return [["Suspicion", value.toFixed(1).replace("-", "−"), `rank ${formatCount(rank)}`]];
}

function pathRows(store: Store, index: number): Row[] {
  const column = store.columns.get("path");
  const path = column ? textOf(column, index) : "";
  return path === "" ? [] : [["Path", h("span", { class: "path", title: path }, path)]];
}

const TITLES: Readonly<Record<string, string>> = {
  train_label_depth: "Label's depth, trained on",
  train_depth: "Depth, trained on",
  validation_depth: "Depth, held out",
};

/** What the members agree on, and their two depths. */
function ensembleRows(words: Description, store: Store, index: number): Row[] {
  const rows: Row[] = [];
  const [first = "", second = ""] = twoDepths(store.columns);
  // Groups go by the depth of the label, the words and the curves by that of the prediction.
  for (const name of new Set([first, "train_depth", second])) {
    const column = store.columns.get(name);
    if (!column) continue;
    const members = membersOf(store, column, index);
    const text = textWithError(store, column, index) || "–";
    rows.push([TITLES[name] ?? "", text, members && `(${members})`]);
  }
  if (store.columns.has("consensus_class")) {
    rows.push(["Consensus", words.prediction, VERDICTS[words.verdict]]);
  }
  const sure = numberOf(store, "group_confidence", index);
  if (words.group && sure !== undefined) {
    const share = `${Math.round(100 * sure)} % of resamples`;
    rows.push(["Group is the same in", store.groupsMoved ? "unknown, as it was moved" : share]);
  }
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
  const probes = probeNames(store);
  if (depth === undefined) return "";
  return depth >= probes.length ? "never settled" : `settled at ${probes[Math.floor(depth)]}`;
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
    .filter(({ info }) => !inHead.has(info.name) && !(PREVIEWS && info.per_block))
    .map((column) => columnFact(store, column, index));
  return h("dl", { class: "columns" }, ...rows);
}

function columnFact(store: Store, column: Column, index: number, note = ""): HTMLElement {
  const row = fact(column.info.title, textWithError(store, column, index) || "–", note);
  if (column.info.help) row.title = columnHelp(column.info);
  return row;
}

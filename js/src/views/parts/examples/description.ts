/**
 * An example in words: the words for cells, cards and the inspector.
 */
import { type Column, formatNumber, textOf } from "../../../store/columns";
import { twoDepths } from "../../../store/depths";
import { depthOf, errorOf, hasTwoDepths, numberOf } from "../../../store/lookups";
import type { Store } from "../../../store/store";

export type Verdict = "right" | "wrong" | "unknown";

export interface Description {
  readonly id: string;
  readonly label: string;
  readonly labelCode: number | undefined;
  /** Of a study of many networks: what most that held the example out predict. */
  readonly prediction: string;
  /** Whether the prediction is the label; unknown where one of the two is missing. */
  readonly verdict: Verdict;
  readonly depth: string;
  /** The depth when trained on and when held out, where the study has both. */
  readonly depths: readonly [trained: string, heldOut: string] | null;
  readonly group: { readonly code: number; readonly name: string } | null;
}

/** The column of the prediction that is judged: in an ensemble only what members held out is a test. */
export function predictionColumn(store: Store): string {
  return hasTwoDepths(store) && store.columns.has("consensus_class")
    ? "consensus_class"
    : "prediction";
}

export function describe(store: Store, index: number): Description {
  const label = valueIn(store, "label", index);
  const prediction = valueIn(store, predictionColumn(store), index);
  const group = codeIn(store, "group", index);
  const depth = depthOf(store, index);
  const [trained, heldOut] = twoDepths(store.columns);
  return {
    id: valueIn(store, "example_id", index) || String(index),
    label: label || "no label",
    labelCode: codeIn(store, "label", index),
    prediction: prediction || "none",
    verdict: verdictOn(store, index),
    depth: depth === undefined ? "–" : formatNumber(depth, true),
    depths: hasTwoDepths(store)
      ? [meanDepth(store, trained, index), meanDepth(store, heldOut, index)]
      : null,
    group:
      group === undefined ? null : { code: group, name: valueIn(store, "group", index) || "none" },
  };
}

export interface Suggestion {
  readonly name: string;
  readonly code: number;
  readonly kind: "suggested label" | "predicted";
}

/** The class that an example more likely belongs to, where that is not its label; without suggestions what is predicted of it. */
export function suggestionFor(store: Store, index: number): Suggestion | null {
  const suggests = store.columns.get("suggested_label")?.type === "code";
  const source = suggests ? "suggested_label" : predictionColumn(store);
  const code = codeIn(store, source, index);
  if (code === undefined || code === codeIn(store, "label", index)) return null;
  const kind = suggests ? "suggested label" : "predicted";
  return { code, kind, name: valueIn(store, source, index) };
}

/** A number of one example with its standard error, where it has one: "3.2 ± 0.4". */
export function textWithError(store: Store, column: Column, index: number): string {
  const { name } = column.info;
  const [value, error] = [numberOf(store, name, index), errorOf(store, name, index)];
  if (value === undefined || error === undefined) return textOf(column, index);
  const digits = error >= 10 ? 0 : Math.min(3, Math.max(1, -Math.floor(Math.log10(error || 1))));
  return `${fixed(value, digits)} ± ${fixed(error, digits)}`;
}

/** "18 members", by the column that counts them; empty where none does. */
export function membersOf(store: Store, column: Column, index: number): string {
  const count = numberOf(store, column.info.members ?? "", index);
  if (count === undefined) return "";
  return count === 1 ? "1 member" : `${formatNumber(count, true)} members`;
}

function meanDepth(store: Store, name: string, index: number): string {
  const depth = numberOf(store, name, index);
  return depth === undefined ? "–" : fixed(depth, 1);
}

function fixed(value: number, digits: number): string {
  return value.toFixed(digits).replace("-", "−");
}

/** By code, since two classes may bear one name. */
function verdictOn(store: Store, index: number): Verdict {
  const [label, prediction] = ["label", predictionColumn(store)].map((name) =>
    codeIn(store, name, index),
  );
  if (label === undefined || prediction === undefined) return "unknown";
  return label === prediction ? "right" : "wrong";
}

function codeIn(store: Store, name: string, index: number): number | undefined {
  const column = store.columns.get(name);
  const code = column?.type === "code" ? column.codes[index] : undefined;
  return column?.type === "code" && code !== column.missing ? code : undefined;
}

function valueIn(store: Store, name: string, index: number): string {
  const column: Column | undefined = store.columns.get(name);
  return column ? textOf(column, index) : "";
}

/**
 * An example in words: what cells, cards and the inspector say about it.
 */
import { type Column, formatNumber, textOf } from "../store/columns";
import { depthOf, type Store } from "../store/store";

export type Verdict = "right" | "wrong" | "unknown";

export interface Description {
  readonly id: string;
  readonly label: string;
  readonly prediction: string;
  /** Whether the prediction is the label; unknown where one of the two is missing. */
  readonly verdict: Verdict;
  readonly depth: string;
}

export function describe(store: Store, index: number): Description {
  const label = valueIn(store, "label", index);
  const prediction = valueIn(store, "prediction", index);
  const depth = depthOf(store, index);
  return {
    id: valueIn(store, "example_id", index) || String(index),
    label: label || "no label",
    prediction: prediction || "none",
    verdict: verdictOn(store, index),
    depth: depth === undefined ? "–" : formatNumber(depth, true),
  };
}

/** By code, since two classes may bear one name. */
function verdictOn(store: Store, index: number): Verdict {
  const [label, prediction] = ["label", "prediction"].map((name) => codeIn(store, name, index));
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

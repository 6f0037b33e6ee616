/**
 * An example in words: what cells, cards and the inspector say about it.
 */
import { type Column, formatNumber, textOf } from "../store/columns";
import { depthOf, type Store } from "../store/store";

export interface Description {
  readonly id: string;
  readonly label: string;
  readonly prediction: string;
  /** The prediction is not the label. */
  readonly wrong: boolean;
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
    wrong: prediction !== "" && label !== prediction,
    depth: depth === undefined ? "–" : formatNumber(depth, true),
  };
}

function valueIn(store: Store, name: string, index: number): string {
  const column: Column | undefined = store.columns.get(name);
  return column ? textOf(column, index) : "";
}

/**
 * The columns of depth, and what a filter can ask of each column of a study.
 *
 * A study of many networks has two depths for each example, one of a single network has one.
 */
import type { Column } from "./columns";
import type { Filterable } from "./filters/conditions";
import type { LateColumn } from "./previews/late_texts";

export const HELD_OUT = "validation_depth";

/**
 * The two depths of a study of many networks, shown together wherever an example's depth is. Trained on, it is that of
 * the given label, by which the groups go; earlier studies have that of the prediction alone.
 */
export function twoDepths(columns: ReadonlyMap<string, Column>): readonly [string, string] {
  return [columns.has("train_label_depth") ? "train_label_depth" : "train_depth", HELD_OUT];
}

/** Depths can be filtered by their whole part. */
export const DEPTHS: readonly string[] = ["depth", "train_depth", "train_label_depth", HELD_OUT];

/** How many examples have each whole depth in 0..size - 1. */
export function countDepths(column: Column | undefined, size: number): number[] {
  const counts = new Array<number>(size).fill(0);
  if (column?.type !== "number") return counts;
  for (const value of column.values) {
    const depth = Math.floor(value);
    if (depth in counts) (counts[depth] as number)++;
  }
  return counts;
}

/**
 * The probe that a view opens at: where most examples settle, but not the input, whose map tells least. Of equals the last.
 */
export function tellingProbe(columns: ReadonlyMap<string, Column>, probes: number): number {
  const [trained] = twoDepths(columns);
  const column = columns.get(trained) ?? columns.get("depth");
  const settled = countDepths(column, probes);
  const most = Math.max(...settled.slice(1), 0);
  return probes > 1 ? Math.max(1, settled.lastIndexOf(most)) : 0;
}

/** What a filter can ask of each column; depths have whole codes in 0..probes. */
export function filterables(
  columns: ReadonlyMap<string, Column>,
  probes: number,
): ReadonlyMap<string, Filterable> {
  const found = new Map<string, Filterable>();
  for (const [name, column] of columns) {
    if (column.type === "code") found.set(name, { codes: column.codes, size: column.names.length });
    else if (PREVIEWS && "late" in column) {
      if (!column.info.fields) found.set(name, searchable(column as LateColumn));
    } else if (column.type === "text") found.set(name, { texts: column.texts });
    else if (!DEPTHS.includes(name)) found.set(name, { values: column.values });
    else found.set(name, wholeDepths(column.values, probes + 1));
  }
  return found;
}

function searchable({ texts, late }: LateColumn): Filterable {
  return { texts, search: late.search };
}

function wholeDepths(values: Float32Array, size: number): Filterable {
  const codes = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    codes[i] = Number.isNaN(value) ? 65535 : value;
  }
  return { codes, size, values };
}

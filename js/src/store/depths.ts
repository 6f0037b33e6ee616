/**
 * The columns of depth, and what a filter can ask of each column of a study.
 *
 * A study of many networks has two depths for each example, one of a single network has one.
 */
import type { Column } from "./columns";
import type { Filterable } from "./filters/conditions";

/** The two depths of a study of many networks, shown together wherever an example's depth is. */
export const TWO_DEPTHS = ["train_depth", "validation_depth"] as const;

/** Depths can be filtered by their whole part. */
export const DEPTHS: readonly string[] = ["depth", ...TWO_DEPTHS];

/** What a filter can ask of each column; depths have whole codes in 0..probes. */
export function filterables(
  columns: ReadonlyMap<string, Column>,
  probes: number,
): ReadonlyMap<string, Filterable> {
  const found = new Map<string, Filterable>();
  for (const [name, column] of columns) {
    if (column.type === "code") found.set(name, { codes: column.codes, size: column.names.length });
    else if (column.type === "text") found.set(name, { texts: column.texts });
    else if (!DEPTHS.includes(name)) found.set(name, { values: column.values });
    else found.set(name, wholeDepths(column.values, probes + 1));
  }
  return found;
}

function wholeDepths(values: Float32Array, size: number): Filterable {
  const codes = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    codes[i] = Number.isNaN(value) ? 65535 : value;
  }
  return { codes, size, values };
}

/**
 * What columns say of one example, and what each column lets a filter ask.
 *
 * A study of many networks has two depths for each example, one of a single network has one.
 */
import type { Column } from "./columns";
import type { Filterable } from "./filters/conditions";
import type { Manifest } from "./manifest";
import type { Store } from "./store";

/** The two depths of a study of many networks, shown together wherever an example's depth is. */
export const TWO_DEPTHS = ["train_depth", "validation_depth"] as const;

/** Depths can be filtered by their whole part. */
export const DEPTHS: readonly string[] = ["depth", ...TWO_DEPTHS];

/** Depth of one example as a whole number in 0..P, or undefined where it is missing. */
export function depthOf(store: Store, index: number): number | undefined {
  return numberOf(store, "depth", index);
}

/** The number that an example has in a column, or undefined where it has none. */
export function numberOf(store: Store, name: string, index: number): number | undefined {
  const column = store.columns.get(name);
  const value = column?.type === "number" ? column.values[index] : undefined;
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** The standard error of that number, or undefined where there is none. */
export function errorOf(store: Store, name: string, index: number): number | undefined {
  const scale = store.columns.get(name)?.info.error_scale;
  const steps = store.parts.errors?.get(name)?.[index] ?? 65535;
  return scale === undefined || steps === 65535 ? undefined : steps * scale;
}

/** Whether depths are means over networks that trained on an example and networks that did not. */
export function hasTwoDepths(store: Store): boolean {
  return TWO_DEPTHS.every((name) => store.columns.get(name)?.type === "number");
}

/** What a filter can ask of each column. */
export function filterables(
  manifest: Manifest,
  columns: ReadonlyMap<string, Column>,
): ReadonlyMap<string, Filterable> {
  const found = new Map<string, Filterable>();
  for (const [name, column] of columns) {
    if (column.type === "code") found.set(name, { codes: column.codes, size: column.names.length });
    else if (column.type === "text") found.set(name, { texts: column.texts });
    else if (!DEPTHS.includes(name)) found.set(name, { values: column.values });
    else found.set(name, wholeDepths(column.values, manifest.probes.length + 1));
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

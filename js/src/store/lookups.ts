/**
 * Values of one example, looked up in the columns of a store.
 */
import { twoDepths } from "./depths";
import { shortProbeNames } from "./probes/probe_names";
import type { Store } from "./store";

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
  return twoDepths(store.columns).every((name) => store.columns.get(name)?.type === "number");
}

/** The code that an example has in a column of classes or categories, or undefined where it has none. */
export function codeOf(store: Store, name: string, index: number): number | undefined {
  const column = store.columns.get(name);
  const code = column?.type === "code" ? column.codes[index] : undefined;
  return column?.type === "code" && code !== column.missing ? code : undefined;
}

const shortNames = new WeakMap<object, readonly string[]>();

/** The names of the probes as they are read: the shortest that tell them apart. */
export function probeNames({ manifest }: Store): readonly string[] {
  const names = shortNames.get(manifest) ?? shortProbeNames(manifest.probes);
  shortNames.set(manifest, names);
  return names;
}

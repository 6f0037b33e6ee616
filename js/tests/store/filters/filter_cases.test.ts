/**
 * Filters mean in the page what they mean in Python: `tests/widgets/test_filter_cases.py` holds Python, and the code that
 * a view writes, to the same file of cases.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Column, decodeColumn } from "../../../src/store/columns";
import type { ColumnInfo, Manifest, PlaneInfo } from "../../../src/store/manifest";
import { Store } from "../../../src/store/store";
import { codeBytes, makeStudy, numberBytes, textBytes } from "../../study";

type Value = string | number | boolean | null;

interface DescribedColumn {
  readonly name: string;
  readonly kind: ColumnInfo["kind"];
  readonly integer?: boolean;
  readonly truth?: boolean;
  readonly categories?: readonly string[];
  readonly values: readonly Value[];
}

interface Case {
  readonly what: string;
  readonly filters: Readonly<Record<string, unknown>>;
  /** What is left of the filters, where the study cannot follow all of them. */
  readonly kept?: Readonly<Record<string, unknown>>;
  readonly boundaries?: readonly number[];
  readonly shown: readonly (string | number)[];
}

interface DescribedStudy {
  readonly classes: readonly string[];
  readonly probes: readonly string[];
  readonly plane: PlaneInfo | null;
  readonly columns: readonly DescribedColumn[];
  readonly cases: readonly Case[];
}

const STUDIES: readonly DescribedStudy[] = JSON.parse(
  readFileSync("tests/store/filters/filters.json", "utf8"),
);

describe.each(STUDIES.map((study, number) => [number, study] as const))("study %i", (_, study) => {
  test.each(study.cases.map((one) => [one.what, one] as const))("%s", (_, one) => {
    const store = makeStore(study);
    store.restore({ filters: one.filters, boundaries: one.boundaries ?? null });
    expect(shownIds(store, study)).toEqual(one.shown);
    expect(store.filters.shownCount).toBe(one.shown.length);
    expect(store.listing).toHaveLength(one.shown.length);
    const kept = store.filters.toJSON();
    expect(kept).toEqual(one.kept ?? one.filters);
    store.restore({ filters: {} });
    for (const [name, filter] of Object.entries(kept)) store.setFilter(name, filter);
    expect(shownIds(store, study)).toEqual(one.shown);
  });
});

function shownIds(store: Store, study: DescribedStudy): Value[] {
  const ids = study.columns.find(({ kind }) => kind === "id")?.values ?? [];
  return ids.filter((_, i) => store.filters.isShown(i));
}

function makeStore(study: DescribedStudy): Store {
  const { classes, probes, plane, columns } = study;
  const manifest: Manifest = {
    ...makeStudy().manifest,
    count: columns[0]?.values.length ?? 0,
    classes,
    probes,
    plane,
    columns: columns.map(infoOf),
  };
  const decoded = columns.map((column): [string, Column] => [
    column.name,
    decodeColumn(infoOf(column), bytesOf(column), manifest),
  ]);
  return new Store(manifest, new Map(decoded));
}

function infoOf({ values, ...column }: DescribedColumn): ColumnInfo {
  const whole = typeof values[0] === "number";
  const dtypes = {
    id: whole ? "int32" : "text",
    text: "text",
    class: "uint16",
    category: "uint8",
    number: "float32",
  } as const;
  return { ...column, title: column.name, dtype: dtypes[column.kind] };
}

function bytesOf({ kind, values, categories = [] }: DescribedColumn): Uint8Array {
  if (kind === "number")
    return numberBytes(values.map((value) => (value === null ? Number.NaN : Number(value))));
  if (kind === "class") return codeBytes(values.map((value) => Number(value ?? 65535)));
  if (kind === "category") return Uint8Array.from(values, (value) => codeOf(value, categories));
  if (typeof values[0] === "number")
    return new Uint8Array(Int32Array.from(values.map(Number)).buffer);
  return textBytes(values.map((value) => String(value ?? "")));
}

function codeOf(value: Value, categories: readonly string[]): number {
  if (value === null) return 255;
  return typeof value === "boolean" ? Number(value) : categories.indexOf(String(value));
}

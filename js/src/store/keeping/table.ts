/**
 * Examples as they leave the page: a table for a file, their ids, and the Python that finds them again.
 */
import type { Column } from "../columns";
import { textOf } from "../columns";
import type { Store } from "../store";

const SPECIAL = /[",\r\n]/;
/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r\n]/;
const FIRST = ["example_id", "path", "label", "suggested_label", "prediction", "group"];

/** All columns of examples as CSV (RFC 4180), a line each under the names of the columns. */
export function tableOf({ columns }: Store, indices: Iterable<number>): string {
  const all = [...new Set([...FIRST, ...columns.keys()])].flatMap(
    (name) => columns.get(name) ?? [],
  );
  const lines = Array.from(indices, (index) => all.map((column) => cellOf(column, index)).join());
  return [all.map(({ info }) => quoted(info.name)).join(), ...lines, ""].join("\r\n");
}

/** The rows of `study.frame()` of these examples. */
export function codeOf(store: Store, indices: Iterable<number>): string {
  const whole = isWhole(store.columns.get("example_id"));
  const ids = idsOf(store, indices);
  const list = whole ? ids.join(", ") : ids.map((id) => JSON.stringify(id)).join(", ");
  return `frame = study.frame()\nframe[frame.index${whole ? "" : ".map(str)"}.isin([${list}])]`;
}

export function idsOf({ columns }: Store, indices: Iterable<number>): string[] {
  const ids = columns.get("example_id");
  return Array.from(indices, (index) => (ids ? textOf(ids, index) : String(index)));
}

function cellOf(column: Column, index: number): string {
  if (column.type === "number") return digitsOf(column.values[index] ?? Number.NaN);
  const text = textOf(column, index);
  return isWhole(column) ? text : quoted(text);
}

function isWhole(column: Column | undefined): boolean {
  return column?.info.dtype === "int32";
}

/** All digits that a float32 has; none of a missing value. */
function digitsOf(value: number): string {
  return Number.isNaN(value) ? "" : String(Number(value.toPrecision(7)));
}

function quoted(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return SPECIAL.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

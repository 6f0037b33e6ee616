/**
 * Sort order: hardest first, by the direction that each measure declares for itself.
 *
 * A column without a direction sorts from large to small, text and codes from small to large. Missing values
 * come last either way; equal ones keep the order of the data set.
 */
import type { Column } from "../columns";

/** Order of all examples by one column, shape `(N,)`. */
export function sortOrder(column: Column, reversed = false): Uint32Array {
  if (column.type === "text") return textOrder(column.texts, reversed);
  const descending = isDescending(column) !== reversed;
  const keys = column.type === "code" ? codeKeys(column.codes, column.missing) : column.values;
  return keyOrder(keys, descending);
}

function isDescending(column: Column): boolean {
  if (column.info.harder) return column.info.harder === "larger";
  return column.type === "number";
}

function codeKeys(codes: Uint8Array | Uint16Array, missing: number): Float32Array {
  return Float32Array.from(codes, (code) => (code === missing ? Number.NaN : code));
}

/** Sort packed (key, index) doubles natively: a float32 has 2^32 ordered patterns, which leaves 2^21 indices. */
function keyOrder(keys: Float32Array, descending: boolean): Uint32Array {
  if (keys.length > 2 ** 21) return slowOrder(keys, descending);
  const patterns = new Uint32Array(keys.slice().buffer);
  const packed = new Float64Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    packed[i] = rank(keys[i] ?? Number.NaN, patterns[i] ?? 0, descending) * 2 ** 21 + i;
  }
  packed.sort();
  return Uint32Array.from(packed, (value) => value % 2 ** 21);
}

/** A whole number in 0..2^32-1 that orders as the float does; NaN comes last. */
function rank(value: number, pattern: number, descending: boolean): number {
  if (Number.isNaN(value)) return 0xffffffff;
  if (value === 0) return 0x80000000;
  const ascending = pattern >= 0x80000000 ? 0xffffffff - pattern : pattern + 0x80000000;
  return descending ? 0xffffffff - ascending : ascending;
}

function slowOrder(keys: Float32Array, descending: boolean): Uint32Array {
  const sign = descending ? -1 : 1;
  return indices(keys.length).sort((a, b) => {
    const [x, y] = [keys[a] ?? Number.NaN, keys[b] ?? Number.NaN];
    if (Number.isNaN(x) || Number.isNaN(y))
      return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return sign * (x - y) || a - b;
  });
}

function textOrder(texts: readonly string[], reversed: boolean): Uint32Array {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const sign = reversed ? -1 : 1;
  return indices(texts.length).sort((a, b) => {
    const [x, y] = [texts[a] ?? "", texts[b] ?? ""];
    if (x === "" || y === "") return Number(x === "") - Number(y === "") || a - b;
    return sign * compare(x, y) || a - b;
  });
}

function indices(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}

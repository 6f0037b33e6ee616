/**
 * Conditions: what one filter asks of one column, read from a saved state and checked example by example.
 *
 * Codes keep what bears one of them, a range keeps numbers from one end to the other, both included, and a
 * text keeps what contains it. Numbers are compared in the precision that the column has, so that 0.7 reaches
 * the 0.7 of a float32. A missing value passes only where missing ones are asked for by name.
 */

export type Codes = Uint8Array | Uint16Array;

/** What the examples have in a column that can filter: any of the three, depths have codes and values. */
export interface Filterable {
  /** Codes are 0..size-1; anything else is missing. */
  readonly codes?: Codes;
  readonly size?: number;
  readonly values?: Float32Array;
  readonly texts?: readonly string[];
  /** Whether each contains words in lower case, where there is a faster way. */
  readonly search?: (wanted: string) => Uint8Array;
}

export interface RangeFilter {
  readonly from?: number;
  readonly to?: number;
  /** Keep examples without a value, with those in the range or alone. */
  readonly missing?: true;
}

export interface TextFilter {
  readonly contains: string;
}

/** As it is kept in a saved state, by the name of its column. */
export type Filter = readonly number[] | RangeFilter | TextFilter;

export function isCodes(filter: Filter | undefined): filter is readonly number[] {
  return Array.isArray(filter);
}

export function isText(filter: Filter | undefined): filter is TextFilter {
  return filter !== undefined && "contains" in filter;
}

export function isRange(filter: Filter | undefined): filter is RangeFilter {
  return filter !== undefined && !isCodes(filter) && !isText(filter);
}

/** What the column can follow of a filter of unknown origin, or null where nothing is left of it. */
export function readFilter(raw: unknown, column: Filterable): Filter | null {
  if (Array.isArray(raw)) return readCodes(raw, column);
  if (typeof raw !== "object" || raw === null) return null;
  const { from, to, missing, contains } = raw as Readonly<Record<string, unknown>>;
  if (column.texts) {
    return typeof contains === "string" && contains.trim() !== "" ? { contains } : null;
  }
  const kept = {
    ...(column.values && isEnd(from) ? { from } : {}),
    ...(column.values && isEnd(to) ? { to } : {}),
    ...(missing === true ? { missing: true as const } : {}),
  };
  return Object.keys(kept).length > 0 ? kept : null;
}

/** Set the bit of every example that fails, clear that of every other; returns how many words are zero then. */
export function mark(failed: Uint32Array, bit: number, filter: Filter, column: Filterable): number {
  const others = ~bit;
  let zeros = 0;
  const write = (i: number, passes: boolean) => {
    const word = ((failed[i] as number) & others) | (passes ? 0 : bit);
    failed[i] = word;
    if (word === 0) zeros++;
  };
  if (isCodes(filter)) markCodes(column.codes as Codes, filter, write);
  else if (PREVIEWS && isText(filter) && column.search) markFound(column.search, filter, write);
  else if (isText(filter)) markTexts(column.texts ?? [], filter, write);
  else if (column.values) return markRange(failed, bit, filter, column.values);
  else markMissing(column as Required<Filterable>, write);
  return zeros;
}

function readCodes(raw: readonly unknown[], { codes, size = 0 }: Filterable): Filter | null {
  if (!codes) return null;
  const isCode = (code: unknown): code is number =>
    Number.isInteger(code) && Number(code) >= 0 && Number(code) < size;
  const valid = [...new Set(raw)].filter(isCode).sort((a, b) => a - b);
  return valid.length > 0 ? valid : null;
}

function isEnd(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

type Write = (index: number, passes: boolean) => void;

function markCodes(codes: Codes, kept: readonly number[], write: Write): void {
  const passes = new Uint8Array(65536);
  for (const code of kept) passes[code] = 1;
  for (let i = 0; i < codes.length; i++) write(i, passes[codes[i] as number] === 1);
}

function markMissing({ codes, size }: Required<Filterable>, write: Write): void {
  for (let i = 0; i < codes.length; i++) write(i, (codes[i] as number) >= size);
}

function markTexts(texts: readonly string[], { contains }: TextFilter, write: Write): void {
  const wanted = contains.trim().toLowerCase();
  texts.forEach((text, i) => {
    write(i, text.toLowerCase().includes(wanted));
  });
}

function markFound(
  search: (wanted: string) => Uint8Array,
  { contains }: TextFilter,
  write: Write,
): void {
  const found = search(contains.trim().toLowerCase());
  for (let i = 0; i < found.length; i++) write(i, found[i] === 1);
}

/** Written out, since a brush runs it on every move. */
function markRange(
  failed: Uint32Array,
  bit: number,
  { from, to, missing }: RangeFilter,
  values: Float32Array,
): number {
  const onlyMissing = from === undefined && to === undefined;
  const low = onlyMissing ? Number.NaN : Math.fround(from ?? Number.NEGATIVE_INFINITY);
  const high = Math.fround(to ?? Number.POSITIVE_INFINITY);
  const others = ~bit;
  let zeros = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const passes = (value >= low && value <= high) || (missing === true && Number.isNaN(value));
    const word = ((failed[i] as number) & others) | (passes ? 0 : bit);
    failed[i] = word;
    if (word === 0) zeros++;
  }
  return zeros;
}

/**
 * Filters in words, for people who do not see them and for lists: "Label: cat or dog".
 */
import { type Column, formatNumber } from "../columns";
import type { Store } from "../store";
import { type Filter, isCodes, isText, type RangeFilter } from "./conditions";

const MOST_NAMED = 4;

/** One phrase for each filter, in the order they were set. */
export function describeFilters(store: Store): string[] {
  return store.filters.names.map((name) => {
    const column = store.columns.get(name) as Column;
    return `${column.info.title}: ${filterInWords(store.filters.get(name) as Filter, column)}`;
  });
}

/** "0.25 to 0.5", "at least 3", "at most 7 or missing"; "all" where nothing is asked. */
export function rangeInWords(range: RangeFilter | undefined): string {
  const [from, to] = [range?.from, range?.to].map((end) =>
    end === undefined ? null : exactNumber(end),
  );
  const or = range?.missing ? " or missing" : "";
  if (from && to) return (from === to ? from : `${from} to ${to}`) + or;
  if (from) return `at least ${from}${or}`;
  if (to) return `at most ${to}${or}`;
  return range?.missing ? "missing" : "all";
}

/** Six digits: enough to tell two ends of a narrow column apart, and to type them in Python. */
export function exactNumber(value: number): string {
  if (Number.isInteger(value)) return formatNumber(value, true);
  return String(Number(value.toPrecision(6))).replaceAll("-", "−");
}

function filterInWords(filter: Filter, column: Column): string {
  if (isText(filter)) return `contains “${filter.contains.trim()}”`;
  if (!isCodes(filter)) return rangeInWords(filter);
  if (column.type === "number") return codesInWords(filter.map(String), filter);
  const names = column.type === "code" ? column.names : [];
  return codesInWords(
    filter.map((code) => names[code] ?? String(code)),
    [],
  );
}

/** Whole numbers in a row are named by the first and the last. */
function codesInWords(names: readonly string[], numbers: readonly number[]): string {
  const [first, last] = [numbers[0], numbers.at(-1)];
  const inARow = first !== undefined && last !== undefined && last - first === numbers.length - 1;
  if (inARow && numbers.length > 2) return `${first} to ${last}`;
  if (names.length <= MOST_NAMED) return names.join(" or ");
  return `${names.slice(0, MOST_NAMED - 1).join(", ")} or ${names.length - MOST_NAMED + 1} more`;
}

/**
 * The order of the examples in the words of what they are sorted by.
 */
import { DEPTHS } from "../depths";
import type { Store } from "../store";

/** "most suspicious first", "large to small". */
export function orderInWords({ sort, reversed, columns }: Store): string {
  const info = columns.get(sort)?.info;
  if (info?.harder) return `${wordsFor(sort)[Number(reversed)]} first`;
  return isFalling({ sort, reversed, columns }) ? "large to small" : "small to large";
}

/** Whether the first has the largest value or is hardest. */
export function isFalling({
  sort,
  reversed,
  columns,
}: Pick<Store, "sort" | "reversed" | "columns">): boolean {
  const info = columns.get(sort)?.info;
  return (info?.harder !== undefined || info?.kind === "number") !== reversed;
}

function wordsFor(sort: string): readonly [hardest: string, easiest: string] {
  if (sort.startsWith("suspicion")) return ["most suspicious", "least suspicious"];
  return DEPTHS.includes(sort) ? ["latest", "earliest"] : ["hardest", "easiest"];
}

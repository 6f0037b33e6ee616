/**
 * What a search of an Explorer finds: examples by their id or by any of their texts, classes by their name.
 *
 * Exact ids come first, then ids that begin so, classes, and texts that contain it. Knows no elements.
 */
import { textOf } from "../../store/columns";
import type { Store } from "../../store/store";

export type Match =
  | { readonly kind: "example"; readonly index: number; readonly text: string }
  | { readonly kind: "class"; readonly code: number; readonly text: string };

const MOST = 8;

export function findMatches(store: Store, query: string): Match[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return [];
  const found = [...matchingIds(store, wanted), ...matchingClasses(store, wanted)];
  const rest = found.length < MOST ? matchingTexts(store, wanted) : [];
  const known = new Set(found.map((match) => (match.kind === "example" ? match.index : -1)));
  return [...found, ...rest.filter(({ index }) => !known.has(index))].slice(0, MOST);
}

function matchingIds(store: Store, wanted: string): Match[] {
  const ids = store.columns.get("example_id");
  const exact: Match[] = [];
  const begin: Match[] = [];
  for (let index = 0; index < store.manifest.count && begin.length < MOST; index++) {
    const text = ids ? textOf(ids, index) : String(index);
    const lower = text.toLowerCase();
    if (lower === wanted) exact.push({ kind: "example", index, text });
    else if (lower.startsWith(wanted)) begin.push({ kind: "example", index, text });
  }
  return [...exact, ...begin.slice(0, Math.max(0, 4 - exact.length))];
}

function matchingClasses(store: Store, wanted: string): Match[] {
  const matches: Match[] = [];
  store.manifest.classes.forEach((text, code) => {
    if (text.toLowerCase().includes(wanted)) matches.push({ kind: "class", code, text });
  });
  return matches.slice(0, 3);
}

function matchingTexts(store: Store, wanted: string): (Match & { kind: "example" })[] {
  const matches: (Match & { kind: "example" })[] = [];
  for (const column of store.columns.values()) {
    if (column.type !== "text") continue;
    for (let index = 0; index < column.texts.length && matches.length < MOST; index++) {
      const text = column.texts[index] ?? "";
      if (text.toLowerCase().includes(wanted)) matches.push({ kind: "example", index, text });
    }
  }
  return matches;
}

/**
 * What a search of an Explorer finds: examples by their id or by any of their texts, classes by their name.
 *
 * Exact ids come first, then ids that begin so, classes, and texts that contain it. Knows no elements.
 */
import { textOf } from "../../store/columns";
import { lateColumn } from "../../store/previews/late_texts";
import type { Store } from "../../store/store";

export type Match =
  | { readonly kind: "example"; readonly index: number; readonly text: string }
  | { readonly kind: "class"; readonly code: number; readonly text: string }
  /** What the texts of the examples contain. */
  | { readonly kind: "words"; readonly column: string; readonly text: string };

const MOST = 8;

export function findMatches(store: Store, query: string): Match[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return [];
  const found = [...matchingIds(store, wanted), ...matchingClasses(store, wanted)];
  if (PREVIEWS) found.push(...searchesIn(store, query.trim()));
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
    if (PREVIEWS && "late" in column) continue;
    for (let index = 0; index < column.texts.length && matches.length < MOST; index++) {
      const text = column.texts[index] ?? "";
      if (text.toLowerCase().includes(wanted)) matches.push({ kind: "example", index, text });
    }
  }
  if (PREVIEWS) matches.push(...matchingPassages(store, wanted, MOST - matches.length));
  return matches;
}

/** To keep what contains the words is offered at once: how many that are is seen in all views. */
function searchesIn(store: Store, words: string): Match[] {
  const column = lateColumn(store.columns);
  return column && store.filterables.has(column.info.name)
    ? [{ kind: "words", column: column.info.name, text: words }]
    : [];
}

/** Examples whose text contains the words, told by what stands around them. */
function matchingPassages(store: Store, wanted: string, most: number) {
  const column = lateColumn(store.columns);
  const matches: (Match & { kind: "example" })[] = [];
  if (!column) return matches;
  column.late.fetchAll();
  const found = column.late.search(wanted);
  for (let index = found.indexOf(1); index >= 0; index = found.indexOf(1, index + 1)) {
    if (matches.length >= most) break;
    const text = column.texts[index] ?? "";
    matches.push({
      kind: "example",
      index,
      text: around(text, text.toLowerCase().indexOf(wanted)),
    });
  }
  return matches;
}

const BEFORE = 20;
const AROUND = 90;

function around(text = "", at = 0): string {
  const from = Math.max(0, at - BEFORE);
  return `${from > 0 ? "…" : ""}${text.slice(from, from + AROUND)}`.replace(/\s+/g, " ");
}

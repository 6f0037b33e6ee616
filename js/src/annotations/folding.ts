/**
 * What events amount to: which of them still hold, and what each annotator says now. The rules are those of
 * `depthviz.annotations.folding`, and both are tested by the same cases.
 *
 * Order is that of time, then id, never that of arrival.
 */
import type { AnnotationEvent, Said } from "./contract";
import { instantOf } from "./instants";

/** An event, and its instant as a number. */
export interface Entry {
  readonly event: AnnotationEvent;
  readonly instant: number;
}

export function entryOf(event: AnnotationEvent): Entry {
  return { event, instant: instantOf(event.time) };
}

/** Negative where `a` comes first. */
export function compare(a: Entry, b: Entry): number {
  return a.instant - b.instant || Number(a.event.id > b.event.id) - Number(a.event.id < b.event.id);
}

/** Put an entry where it belongs, nearly always at the end. */
export function insert(sorted: Entry[], entry: Entry): void {
  let at = sorted.length;
  while (at > 0 && compare(sorted[at - 1] as Entry, entry) > 0) at--;
  sorted.splice(at, 0, entry);
}

/**
 * Ids of what is undone, where an undoing may be undone itself: the youngest is decided first. The undoings are those that count: of
 * one's own events, by whatever name.
 */
export function undoneBy(undoings: readonly Entry[]): Set<string> {
  const undone = new Set<string>();
  for (const { event } of [...undoings].reverse())
    if (event.undoes !== null && !undone.has(event.id)) undone.add(event.undoes);
  return undone;
}

/** The newest name of each annotator that was renamed, by every earlier one. */
export function namesBy(holding: readonly Entry[]): Map<string, string> {
  const renamed = new Map<string, string>();
  for (const { event } of holding) {
    const { field, annotator: old, value: name } = event;
    if (field !== "annotator" || !name) continue;
    for (const [earlier, later] of renamed) if (later === old) renamed.set(earlier, name);
    renamed.set(old, name);
    renamed.delete(name);
  }
  return renamed;
}

/** What is said of one example by what holds of it, in order: by annotator, the first first. */
export function fold(
  holding: readonly Entry[],
  renamed: ReadonlyMap<string, string>,
): Map<string, Said> {
  const found = new Map<string, Said>();
  for (const { event } of holding) {
    if (event.field === "annotator") continue;
    const annotator = renamed.get(event.annotator) ?? event.annotator;
    found.set(annotator, apply(found.get(annotator) ?? { ...NOTHING, annotator }, event));
  }
  for (const [annotator, said] of found) if (isEmpty(said)) found.delete(annotator);
  return found;
}

const NOTHING = {
  kind: "human",
  verdict: null,
  label: null,
  note: null,
  tags: [],
  seconds: 0,
} as const;

function apply(said: Said, { kind, field, value, previous, latency }: AnnotationEvent): Said {
  const next = { ...said, kind, seconds: said.seconds + (latency ?? 0) };
  if (field === "verdict" || field === "label" || field === "note")
    return { ...next, [field]: value };
  if (field !== "tag") return next;
  const { tags } = said;
  if (value === null) return { ...next, tags: tags.filter((tag) => tag !== previous) };
  return { ...next, tags: tags.includes(value) ? tags : [...tags, value] };
}

function isEmpty({ verdict, label, note, tags }: Said): boolean {
  return verdict === null && label === null && note === null && tags.length === 0;
}

/**
 * The ledger: all events that a page knows, and what they amount to, found again only where an event changes it.
 */
import type { AnnotationEvent, Said } from "./contract";
import { compare, type Entry, entryOf, fold, insert, namesBy, undoneBy } from "./folding";

const NOBODY: ReadonlyMap<string, Said> = new Map();

export class Ledger {
  readonly #entries = new Map<string, Entry>();
  readonly #ofExample = new Map<string, Entry[]>();
  readonly #ofAnnotator = new Map<string, Entry[]>();
  readonly #undoings: Entry[] = [];
  readonly #renamings: Entry[] = [];
  #undone = new Set<string>();
  #renamed = new Map<string, string>();
  #said = new Map<string, ReadonlyMap<string, Said>>();

  get events(): AnnotationEvent[] {
    return [...this.#entries.values()].sort(compare).map(({ event }) => event);
  }

  get examples(): Iterable<string> {
    return this.#ofExample.keys();
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** Take over events, each once; gives the examples of which something else may hold now. */
  add(events: Iterable<AnnotationEvent>): Set<string> {
    const touched = new Set<string>();
    let undoes = false;
    let renames = false;
    for (const entry of [...events].map(entryOf).sort(compare)) {
      const { event } = entry;
      if (this.#entries.has(event.id)) continue;
      this.#entries.set(event.id, entry);
      insertAt(this.#ofExample, event.example, entry);
      insertAt(this.#ofAnnotator, event.annotator, entry);
      if (event.undoes !== null) insert(this.#undoings, entry);
      else if (event.field === "annotator") insert(this.#renamings, entry);
      undoes ||= event.undoes !== null;
      renames ||= event.field === "annotator";
      touched.add(event.example);
    }
    if (undoes) this.#undo(touched);
    if (renames || (undoes && this.#renamings.length > 0)) this.#rename(touched);
    for (const example of touched) this.#said.delete(example);
    return touched;
  }

  /** What is said of an example, by annotator. */
  said(example: string): ReadonlyMap<string, Said> {
    const known = this.#said.get(example);
    if (known) return known;
    const entries = this.#ofExample.get(example);
    if (!entries) return NOBODY;
    const said = fold(entries.filter(this.#holds), this.#renamed);
    this.#said.set(example, said);
    return said;
  }

  /** The newest name of an annotator. */
  nameOf(annotator: string): string {
    return this.#renamed.get(annotator) ?? annotator;
  }

  /** The newest event of an annotator, whether it holds or not. */
  newest(annotator: string): Entry | undefined {
    return this.#ofAnnotator.get(annotator)?.at(-1);
  }

  /** The newest step of an annotator that holds: an event, or its whole batch. */
  lastDone(annotator: string): AnnotationEvent[] {
    const own = this.#ofAnnotator.get(annotator) ?? [];
    const last = own.findLast(this.#holds);
    return last ? batchOf(own.filter(this.#holds), last) : [];
  }

  /** The newest undoing of an annotator that holds, unless something came after. */
  lastUndone(annotator: string): AnnotationEvent[] {
    const own = this.#ofAnnotator.get(annotator) ?? [];
    const last = own.findLast((entry) => this.#holds(entry) || this.#takesBack(entry));
    if (!last || !this.#takesBack(last)) return [];
    return batchOf(
      own.filter((entry) => this.#takesBack(entry)),
      last,
    );
  }

  #holds = ({ event }: Entry): boolean => event.undoes === null && !this.#undone.has(event.id);

  /** Whether this undoes a decision, and holds. */
  #takesBack({ event: { id, undoes } }: Entry): boolean {
    if (undoes === null || this.#undone.has(id)) return false;
    return this.#entries.get(undoes)?.event.undoes === null;
  }

  #undo(touched: Set<string>): void {
    const before = this.#undone;
    this.#undone = undoneBy(this.#undoings);
    for (const id of [...this.#undone, ...before]) {
      if (this.#undone.has(id) && before.has(id)) continue;
      const changed = this.#entries.get(id);
      if (changed) touched.add(changed.event.example);
    }
  }

  #rename(touched: Set<string>): void {
    this.#renamed = namesBy(this.#renamings.filter(this.#holds));
    for (const example of this.#ofExample.keys()) touched.add(example);
  }
}

function insertAt(entries: Map<string, Entry[]>, key: string, entry: Entry): void {
  const known = entries.get(key);
  if (known) insert(known, entry);
  else entries.set(key, [entry]);
}

function batchOf(entries: readonly Entry[], { event }: Entry): AnnotationEvent[] {
  if (event.batch === null) return [event];
  return entries.filter((entry) => entry.event.batch === event.batch).map((entry) => entry.event);
}

/**
 * The ledger: all events that a page knows, and what they amount to, found again only where an event changes it.
 *
 * It may know events about the examples of other studies. They say nothing here, and no step of theirs is taken back here.
 */
import type { AnnotationEvent, Said } from "./contract";
import { compare, type Entry, entryOf, fold, insert, namesBy, undoneBy } from "./folding";

const NOBODY: ReadonlyMap<string, Said> = new Map();

export class Ledger {
  readonly #entries = new Map<string, Entry>();
  readonly #ofExample = new Map<string, Entry[]>();
  readonly #ofAnnotator = new Map<string, Entry[]>();
  readonly #undoings: Entry[] = [];
  /** Ids of what they undo. */
  readonly #targets = new Set<string>();
  readonly #renamings: Entry[] = [];
  readonly #isOurs;
  #undone = new Set<string>();
  #renamed = new Map<string, string>();
  #said = new Map<string, ReadonlyMap<string, Said>>();

  /** `isOurs` says whether an event is about this study. */
  constructor(isOurs: (event: AnnotationEvent) => boolean = () => true) {
    this.#isOurs = ({ event }: Entry) => isOurs(event);
  }

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
      this.#enter(entry);
      undoes ||= event.undoes !== null || this.#targets.has(event.id);
      renames ||= event.field === "annotator";
      touched.add(event.example);
    }
    if (undoes || (renames && this.#undoings.length > 0)) this.#undo(touched);
    if (renames || (undoes && this.#renamings.length > 0)) this.#rename(touched);
    for (const example of touched) this.#said.delete(example);
    return touched;
  }

  #enter(entry: Entry): void {
    const { id, example, annotator, field, undoes } = entry.event;
    this.#entries.set(id, entry);
    if (this.#isOurs(entry)) insertAt(this.#ofExample, example, entry);
    insertAt(this.#ofAnnotator, annotator, entry);
    if (undoes !== null) {
      insert(this.#undoings, entry);
      this.#targets.add(undoes);
    } else if (field === "annotator") insert(this.#renamings, entry);
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

  /** All names that an annotator has, or had before. */
  namesOf(annotator: string): string[] {
    const now = this.nameOf(annotator);
    const before = [...this.#renamed].filter(([, name]) => name === now).map(([old]) => old);
    return [...new Set([annotator, now, ...before])];
  }

  /** The newest event by any of these names, whether it holds or not. */
  newest(names: readonly string[]): Entry | undefined {
    return this.#by(names).at(-1);
  }

  /** The newest step by any of these names that holds: an event, or its whole batch. */
  lastDone(names: readonly string[]): AnnotationEvent[] {
    const last = this.#by(names).findLast(this.#isStep);
    return last ? this.step(names, last.event.batch ?? last.event.id) : [];
  }

  /** What holds of a step, by the id of the event or of its batch. */
  step(names: readonly string[], step: string): AnnotationEvent[] {
    const own = this.#by(names);
    const found = own.filter(({ event: { id, batch } }) => id === step || batch === step);
    return found.filter(this.#isStep).map(({ event }) => event);
  }

  /** The newest undoing by any of these names that holds, unless something came after; with it all others of the same. */
  lastUndone(names: readonly string[]): AnnotationEvent[] {
    const own = this.#by(names);
    const last = own.findLast((entry) => this.#isStep(entry) || this.#takesBack(entry));
    if (!last || !this.#takesBack(last)) return [];
    const undoings = own.filter((entry) => this.#takesBack(entry)).map(({ event }) => event);
    const { id: name, batch } = last.event;
    const same = undoings.filter((one) => (batch === null ? one.id === name : one.batch === batch));
    const targets = new Set(same.map(({ undoes }) => undoes));
    return undoings.filter(({ undoes }) => targets.has(undoes));
  }

  /** Events by any of these names, in order. */
  #by(names: readonly string[]): readonly Entry[] {
    const found = names.flatMap((name) => [this.#ofAnnotator.get(name) ?? []]);
    const [some = [], ...others] = found.filter(({ length }) => length > 0);
    return others.length === 0 ? some : [some, ...others].flat().sort(compare);
  }

  #holds = ({ event }: Entry): boolean => event.undoes === null && !this.#undone.has(event.id);

  /** Whether this can be taken back in a page of this study. */
  #isStep = (entry: Entry): boolean => this.#holds(entry) && this.#isOurs(entry);

  /** Whether this undoes a decision of this study, and holds. */
  #takesBack(entry: Entry): boolean {
    const { id, undoes } = entry.event;
    if (undoes === null || this.#undone.has(id) || !this.#isOurs(entry)) return false;
    return this.#entries.get(undoes)?.event.undoes === null && this.#isByAuthor(entry);
  }

  /** Whether an undoing is of one's own: by any name that somebody was given, also one that was taken back. */
  #isByAuthor = ({ event: { annotator, undoes } }: Entry): boolean => {
    const author = this.#entries.get(undoes ?? "")?.event.annotator ?? annotator;
    if (author === annotator) return true;
    const names = namesBy(this.#renamings);
    return (names.get(author) ?? author) === (names.get(annotator) ?? annotator);
  };

  #undo(touched: Set<string>): void {
    const before = this.#undone;
    this.#undone = undoneBy(this.#undoings.filter(this.#isByAuthor));
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

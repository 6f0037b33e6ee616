/**
 * A browser's storage in memory, which can be full.
 */
import type { AnnotationEvent } from "../../../src/annotations/contract";
import type { EventStore } from "../../../src/hosts/places/event_store";

export class FakeStore implements EventStore {
  readonly kept = new Map<string, Map<string, AnnotationEvent>>();
  readonly marks = new Set<string>();
  full = false;

  async add(name: string, events: readonly AnnotationEvent[]): Promise<void> {
    if (this.full) throw new Error("QuotaExceededError");
    for (const event of events) this.#of(name).set(event.id, event);
  }

  async all(name: string): Promise<AnnotationEvent[]> {
    return [...this.#of(name).values()];
  }

  async acknowledge(name: string, ids: readonly string[]): Promise<void> {
    if (this.full) throw new Error("QuotaExceededError");
    for (const id of ids) this.#of(name).delete(id);
    for (const id of ids) this.marks.add(`${name} ${id}`);
  }

  async acknowledged(name: string): Promise<ReadonlySet<string>> {
    const begins = [...this.marks].filter((mark) => mark.startsWith(`${name} `));
    return new Set(begins.map((mark) => mark.slice(name.length + 1)));
  }

  /** What a person does who lets the browser forget a site. */
  clear(): void {
    this.kept.clear();
    this.marks.clear();
  }

  #of(name: string): Map<string, AnnotationEvent> {
    const found = this.kept.get(name) ?? new Map<string, AnnotationEvent>();
    this.kept.set(name, found);
    return found;
  }
}

/**
 * A browser's storage in memory, which can be full.
 */
import type { AnnotationEvent } from "../../../src/annotations/contract";
import type { EventStore } from "../../../src/hosts/places/event_store";

export class FakeStore implements EventStore {
  readonly kept = new Map<string, Map<string, AnnotationEvent>>();
  full = false;

  async add(name: string, events: readonly AnnotationEvent[]): Promise<void> {
    if (this.full) throw new Error("QuotaExceededError");
    for (const event of events) this.#of(name).set(event.id, event);
  }

  async all(name: string): Promise<AnnotationEvent[]> {
    return [...this.#of(name).values()];
  }

  async remove(name: string, ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#of(name).delete(id);
  }

  #of(name: string): Map<string, AnnotationEvent> {
    const found = this.kept.get(name) ?? new Map<string, AnnotationEvent>();
    this.kept.set(name, found);
    return found;
  }
}

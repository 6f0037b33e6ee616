/**
 * The place of an offline page: the browser's storage, under the names of the study and of the page.
 */
import type { AnnotationEvent, Place } from "../../annotations/contract";
import { createEventStore, type EventStore } from "./event_store";

export const UNKEPT =
  "This browser keeps nothing for this page: download the log before you close it.";

/** `brought` are the events that stand in the page since it was written. */
export function createBrowserPlace(
  name: string,
  brought: readonly AnnotationEvent[],
  store: EventStore = createEventStore(),
): Place {
  return {
    async keep(events) {
      try {
        await store.add(name, events);
      } catch (reason) {
        throw new Error(`${UNKEPT} (${reason instanceof Error ? reason.message : reason})`);
      }
    },
    async read(after) {
      const kept = await store.all(name).catch(() => []);
      return { events: after === 0 ? [...brought, ...kept] : kept, number: 1, more: false };
    },
  };
}

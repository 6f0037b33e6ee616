/**
 * A place that keeps events as long as the page is open.
 */
import type { AnnotationEvent, Place } from "./contract";

export function createMemoryPlace(events: readonly AnnotationEvent[] = []): Place {
  const kept = [...events];
  return {
    async keep(more) {
      kept.push(...more);
    },
    read: async (after) => ({ events: kept.slice(after), number: kept.length, more: false }),
  };
}

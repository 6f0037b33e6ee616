/**
 * Fetches numbered pieces, a few at once. Those asked for in one go replace those still waiting: who still needs them asks again.
 *
 * So a fast scroll leaves no queue behind.
 */

export const AT_ONCE = 4;

/** `fetch` never rejects, `onDone` follows each fetch until the queue is gone. */
export function createQueue(
  fetch: (piece: number, isGone: () => boolean) => Promise<void>,
  onDone: () => void,
) {
  const underWay = new Set<number>();
  const wanted = new Set<number>();
  let collecting = false;
  let gone = false;

  async function begin(piece: number): Promise<void> {
    underWay.add(piece);
    await fetch(piece, () => gone);
    underWay.delete(piece);
    if (!gone) onDone();
    fetchMore();
  }

  function fetchMore(): void {
    for (const piece of wanted) {
      if (gone || underWay.size >= AT_ONCE) return;
      wanted.delete(piece);
      void begin(piece);
    }
  }

  return {
    /** Nothing is fetched or waits. */
    get idle() {
      return underWay.size === 0 && wanted.size === 0;
    },
    add(piece: number) {
      if (underWay.has(piece)) return;
      if (!collecting) {
        collecting = true;
        wanted.clear();
        queueMicrotask(() => {
          collecting = false;
          fetchMore();
        });
      }
      wanted.add(piece);
    },
    dispose() {
      gone = true;
      wanted.clear();
    },
  };
}

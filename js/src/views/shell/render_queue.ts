/**
 * Collects drawings and runs them together: what a person did at once, what flows once per animation frame.
 *
 * `schedule` waits for the next frame, `scheduleNow` runs all that is due when the running task ends, so the page never lags behind
 * its own counts, not even in a tab that gets no frames.
 */
import type { Drawing } from "../parts/view";

export interface RenderQueue {
  schedule(drawing: Drawing): void;
  scheduleNow(): void;
  dispose(): void;
}

/** Two drawings that set each other off would hold the page for ever; what is due after so many waits for the next frame. */
const MOST_PASSES = 20;

export function createRenderQueue(afterDrawing: () => void): RenderQueue {
  const due = new Set<Drawing>();
  let frame = 0;
  let ended = false;

  /** Drawings that are scheduled by others, such as those of a new view, run in the same go. */
  function flush(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    if (due.size === 0) return;
    const failures: unknown[] = [];
    for (let pass = 0; due.size > 0 && pass < MOST_PASSES; pass++) failures.push(...runDue());
    cancelAnimationFrame(frame);
    frame = due.size > 0 ? requestAnimationFrame(flush) : 0;
    afterDrawing();
    if (failures.length > 0) throw failures[0];
  }

  /** One that fails does not keep the others from being drawn. */
  function runDue(): unknown[] {
    const drawings = [...due].sort((a, b) => a.order - b.order);
    due.clear();
    return drawings.flatMap((drawing) => {
      try {
        drawing.run();
        return [];
      } catch (reason) {
        return [reason];
      }
    });
  }

  return {
    schedule(drawing) {
      if (ended) return;
      due.add(drawing);
      frame ||= requestAnimationFrame(flush);
    },
    scheduleNow() {
      if (!ended) queueMicrotask(flush);
    },
    dispose() {
      ended = true;
      due.clear();
      cancelAnimationFrame(frame);
    },
  };
}

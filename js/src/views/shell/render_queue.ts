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

export function createRenderQueue(afterDrawing: () => void): RenderQueue {
  const due = new Set<Drawing>();
  let frame = 0;
  let ended = false;

  /** Drawings that are scheduled by others, such as those of a new view, run in the same go. */
  function flush(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    if (due.size === 0) return;
    while (due.size > 0) {
      for (const drawing of [...due].sort((a, b) => a.order - b.order)) {
        due.delete(drawing);
        drawing.run();
      }
    }
    afterDrawing();
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

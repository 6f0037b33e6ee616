/**
 * Collects changes and draws them together: what a person did at once, what flows once per animation frame.
 *
 * A change that is asked for promptly is drawn when the running task ends, with all others of that task, so the page never
 * lags behind its own counts, not even in a tab that gets no frames.
 */

export interface Frames<T> {
  ask(change: T): void;
  askPromptly(change: T): void;
  dispose(): void;
}

export function createFrames<T>(draw: (changes: ReadonlySet<T>) => void): Frames<T> {
  let changes = new Set<T>();
  let frame = 0;
  let ended = false;

  function flush(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    if (changes.size === 0) return;
    const due = changes;
    changes = new Set();
    draw(due);
  }

  function ask(change: T): void {
    if (ended) return;
    changes.add(change);
    frame ||= requestAnimationFrame(flush);
  }

  return {
    ask,
    askPromptly(change) {
      ask(change);
      queueMicrotask(flush);
    },
    dispose() {
      ended = true;
      changes.clear();
      cancelAnimationFrame(frame);
    },
  };
}

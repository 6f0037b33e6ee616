/**
 * Collects changes and draws them once per animation frame.
 */

export interface Frames<T> {
  ask(change: T): void;
  dispose(): void;
}

export function createFrames<T>(draw: (changes: ReadonlySet<T>) => void): Frames<T> {
  let changes = new Set<T>();
  let frame = 0;
  return {
    ask(change) {
      changes.add(change);
      frame ||= requestAnimationFrame(() => {
        const due = changes;
        changes = new Set();
        frame = 0;
        draw(due);
      });
    },
    dispose() {
      cancelAnimationFrame(frame);
      frame = -1;
    },
  };
}

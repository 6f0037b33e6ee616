/**
 * What is still to be written to a kernel: the last value of each trait, all together a moment after the last change.
 */

export interface Outbox {
  write(name: string, value: unknown): void;
  /** Forget a value that is overtaken before it was sent. */
  drop(name: string): void;
  /** Send what waits, at once. */
  flush(): void;
}

const WRITE_AFTER_MS = 120;

/** `send` gets all values that wait, and is not called for none; it waits for so many milliseconds without a change. */
export function createOutbox(
  send: (values: ReadonlyMap<string, unknown>) => void,
  rest = WRITE_AFTER_MS,
): Outbox {
  const waiting = new Map<string, unknown>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    if (waiting.size === 0) return;
    const values = new Map(waiting);
    waiting.clear();
    send(values);
  }

  return {
    write(name, value) {
      waiting.set(name, value);
      clearTimeout(timer);
      timer = setTimeout(flush, rest);
    },
    drop: (name) => waiting.delete(name),
    flush,
  };
}

/**
 * The registry of what is shared between views of one session, kept on `globalThis`.
 *
 * JupyterLab evaluates the module once for every widget, so module state could not link two views. An entry lives
 * as long as somebody holds it.
 */

const KEY = Symbol.for("depthviz/1");

interface Entry<T> {
  readonly value: T;
  holders: number;
}

export interface Held<T> {
  readonly value: T;
  /** Let go; calling it twice does no harm. */
  release(): void;
}

/** Hold the entry of `key`, made by `create` if nobody holds it yet and ended by `end` with its last holder. */
export function hold<T>(key: string, create: () => T, end: (value: T) => void): Held<T> {
  const entries = registry<T>();
  const entry = entries.get(key) ?? { value: create(), holders: 0 };
  entries.set(key, entry);
  entry.holders++;
  let held = true;
  return {
    value: entry.value,
    release() {
      if (!held) return;
      held = false;
      if (--entry.holders > 0) return;
      entries.delete(key);
      end(entry.value);
    },
  };
}

function registry<T>(): Map<string, Entry<T>> {
  const shared = globalThis as unknown as Record<symbol, Map<string, Entry<T>> | undefined>;
  const entries = shared[KEY] ?? new Map<string, Entry<T>>();
  shared[KEY] = entries;
  return entries;
}

/**
 * The errors of a host that stand at the moment, one of each kind, reported in words whenever they change.
 */

export interface HostErrors<Kind extends string> {
  /** Set the error of one kind, or clear it by null. */
  set(kind: Kind, words: string | null): void;
  /** Call back with all errors in words whenever they change; with none when there is no error. */
  listen(listener: (words: string) => void): void;
  /** Report to nobody any more. */
  dispose(): void;
}

export function createHostErrors<Kind extends string>(): HostErrors<Kind> {
  const errors = new Map<Kind, string>();
  const listeners = new Set<(words: string) => void>();
  return {
    set(kind, words) {
      if ((errors.get(kind) ?? null) === words) return;
      if (words === null) errors.delete(kind);
      else errors.set(kind, words);
      for (const listener of listeners) listener([...errors.values()].join(" "));
    },
    listen: (listener) => void listeners.add(listener),
    dispose: () => listeners.clear(),
  };
}

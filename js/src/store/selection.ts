/**
 * The selection: the examples a person keeps in hand, apart from what filters hide and what the pointer
 * is over. It survives filtering, and it is what Python receives.
 */

export type SelectMode = "replace" | "add" | "subtract" | "toggle";

export interface Selection {
  readonly count: number;
  readonly flags: Uint8Array;
  has(index: number): boolean;
  /** Change the selection; true where anything changed. */
  change(indices: Iterable<number>, mode: SelectMode): boolean;
}

export function createSelection(size: number): Selection {
  const flags = new Uint8Array(size);
  let count = 0;

  function set(index: number, value: number): boolean {
    if (!(index >= 0 && index < size) || flags[index] === value) return false;
    flags[index] = value;
    count += value === 1 ? 1 : -1;
    return true;
  }

  function replace(indices: Iterable<number>): boolean {
    const before = flags.slice();
    flags.fill(0);
    count = 0;
    for (const index of indices) set(index, 1);
    return flags.some((value, i) => value !== before[i]);
  }

  return {
    flags,
    get count() {
      return count;
    },
    has: (index) => flags[index] === 1,
    change(indices, mode) {
      if (mode === "replace") return replace(indices);
      let changed = false;
      for (const index of indices) {
        const value = mode === "toggle" ? 1 - (flags[index] ?? 0) : Number(mode === "add");
        changed = set(index, value) || changed;
      }
      return changed;
    },
  };
}

/** The indices of all set flags. */
export function indicesOf(flags: Uint8Array): Uint32Array {
  const indices: number[] = [];
  flags.forEach((value, i) => {
    if (value) indices.push(i);
  });
  return Uint32Array.from(indices);
}

/**
 * Undo and redo of what is selected and what is filtered, so that a stray click loses nothing.
 *
 * A step is one act of a person: while a boundary or a brush is dragged, all that it passes is one step. Looks, such as the
 * probe or the order, are no steps; where they change together with a filter, they come back with it. Knows no clock but the one it is given, and no views.
 */

import type { Boundaries } from "../grouping";
import { sameBytes } from "../masks";
import { effect, signal } from "../reactive";
import type { Axes } from "../saved_state";
import { indicesOf, type Selection } from "../selection";

/** What of a store can be taken back. */
export interface Undoable {
  readonly selection: Selection;
  readonly selectedOnly: boolean;
  readonly boundaries: Boundaries | null;
  readonly quantile: number | null;
  readonly histograms: readonly string[];
  readonly sort: string;
  readonly reversed: boolean;
  readonly color: string;
  readonly axes: Axes | null;
  readonly filters: { toJSON(): Record<string, unknown> };
  select(indices: Iterable<number>, mode: "replace"): void;
  setQuantile(q: number): void;
  restore(state: Readonly<Record<string, unknown>>): void;
}

export interface Undo {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Go one step back; false where there is none. */
  undo(): boolean;
  redo(): boolean;
  /** What is now is the beginning. */
  forget(): void;
}

interface Moment {
  readonly selected: Uint8Array;
  readonly selectedOnly: boolean;
  readonly filters: string;
  readonly boundaries: Boundaries | null;
  readonly quantile: number | null;
  readonly histograms: readonly string[];
  readonly looks: Looks;
}

interface Looks {
  readonly sort: string;
  readonly reversed: boolean;
  readonly color: string;
  readonly axes: Axes | null;
}

interface Step {
  readonly moment: Moment;
  /** Whether the looks changed with it. */
  readonly looks: boolean;
}

const MOST = 100;
const ONE_ACT_MS = 600;

export function createUndo(store: Undoable, now: () => number = Date.now): Undo {
  let past: Step[] = [];
  let future: Step[] = [];
  let present = momentOf(store);
  let flowing = Number.NEGATIVE_INFINITY;
  let travelling = false;
  /** Whatever shows what can be undone looks again when it moves. */
  const moves = signal(0);

  function record(next: Moment): void {
    if (sameMoment(next, present)) {
      present = next;
      return;
    }
    const flows = isFlow(present, next);
    const continues = flows && now() - flowing < ONE_ACT_MS && past.length > 0;
    const looks = JSON.stringify(next.looks) !== JSON.stringify(present.looks);
    if (!continues) past = [...past.slice(1 - MOST), { moment: present, looks }];
    flowing = flows ? now() : Number.NEGATIVE_INFINITY;
    future = [];
    present = next;
    moves.value = moves.peek() + 1;
  }

  function go(from: Step[], to: Step[]): boolean {
    const step = from.pop();
    if (!step) return false;
    const { moment: next, looks } = step;
    to.push({ moment: present, looks });
    present = looks ? next : { ...next, looks: present.looks };
    flowing = Number.NEGATIVE_INFINITY;
    travelling = true;
    try {
      bringBack(store, next);
      if (looks) store.restore({ ...next.looks });
    } finally {
      travelling = false;
      moves.value = moves.peek() + 1;
    }
    return true;
  }

  effect(() => {
    const next = momentOf(store, present);
    if (!travelling) record(next);
  });

  return {
    get canUndo() {
      moves.value;
      return past.length > 0;
    },
    get canRedo() {
      moves.value;
      return future.length > 0;
    },
    undo: () => go(past, future),
    redo: () => go(future, past),
    forget() {
      past = [];
      future = [];
      present = momentOf(store);
      moves.value = moves.peek() + 1;
    },
  };
}

/** Masks that did not change are kept once, since a study may have a million examples. */
function momentOf(store: Undoable, before?: Moment): Moment {
  const { flags } = store.selection;
  const same = before && sameBytes(before.selected, flags);
  return {
    selected: same ? before.selected : flags.slice(),
    selectedOnly: store.selectedOnly,
    filters: JSON.stringify(store.filters.toJSON()),
    boundaries: store.boundaries,
    quantile: store.quantile,
    histograms: store.histograms,
    looks: { sort: store.sort, reversed: store.reversed, color: store.color, axes: store.axes },
  };
}

/** Which histograms are open is no step of its own, but comes back with the filter that went with one. */
function sameMoment(a: Moment, b: Moment): boolean {
  return (
    a.selected === b.selected &&
    a.selectedOnly === b.selectedOnly &&
    a.filters === b.filters &&
    String(a.boundaries) === String(b.boundaries)
  );
}

/** Whether a change is one that a hand drags along: an end of a range, or a boundary. */
function isFlow(a: Moment, b: Moment): boolean {
  if (a.selected !== b.selected) return false;
  if (String(a.boundaries) !== String(b.boundaries)) return true;
  const [before, after] = [rangesOf(a.filters), rangesOf(b.filters)];
  return before.others === after.others && after.ranges.length > 0;
}

function rangesOf(filters: string): { ranges: string[]; others: string } {
  const entries = Object.entries(JSON.parse(filters) as Record<string, unknown>);
  const isCodes = ([, filter]: [string, unknown]) => Array.isArray(filter);
  return {
    ranges: entries.filter((entry) => !isCodes(entry)).map(([name]) => name),
    others: JSON.stringify(entries.filter(isCodes)),
  };
}

/** The selection first: without one the listing cannot be narrowed to it. */
function bringBack(store: Undoable, moment: Moment): void {
  store.select(indicesOf(moment.selected), "replace");
  if (moment.quantile !== null) store.setQuantile(moment.quantile);
  store.restore({
    selected_only: moment.selectedOnly,
    boundaries: moment.quantile === null ? moment.boundaries : null,
    histograms: moment.histograms,
    filters: JSON.parse(moment.filters),
  });
}

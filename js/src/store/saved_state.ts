/**
 * The saved state: what of a store is kept with a notebook or a page, and how it comes back.
 *
 * A saved state may be older than the study, so each part of it is taken over only where this study can follow.
 */
import type { Filter, Filters } from "./filters/filters";
import type { Frame } from "./frame";
import { type Boundaries, readBoundaries, sameBoundaries } from "./grouping";
import { isRecord } from "./keeping/moment";

export const CELL_SIZES = ["small", "medium", "large"] as const;

export type CellSize = (typeof CELL_SIZES)[number];

/** Two columns of numbers that the examples are placed by. */
export type Axes = readonly [across: string, up: string];

export interface UiState {
  probe: number;
  color: string;
  /** The columns that place the examples, where it is not the map. */
  axes: Axes | null;
  sort: string;
  reversed: boolean;
  selected_only: boolean;
  focus: number | null;
  /** The example beside the one in focus. */
  compared: number | null;
  filters: Record<string, Filter>;
  /** Where the groups begin and end, in a study that has them. */
  boundaries: Boundaries | null;
  /** How large the cells of the grid are. */
  size: CellSize;
  /** Columns whose histograms a person has added. */
  histograms: readonly string[];
  /** How the views share the space. */
  frame: Frame;
}

/** What of a store is read for a saved state, and what it is brought back by. */
export interface Restorable {
  readonly manifest: { readonly count: number };
  readonly columns: ReadonlyMap<string, unknown>;
  readonly probe: number;
  readonly color: string;
  readonly axes: Axes | null;
  readonly sort: string;
  readonly reversed: boolean;
  readonly selectedOnly: boolean;
  readonly focus: number | null;
  readonly compared: number | null;
  readonly filters: Filters;
  readonly boundaries: Boundaries | null;
  readonly initialBoundaries: Boundaries | null;
  readonly size: CellSize;
  readonly histograms: readonly string[];
  readonly frame: Frame;
  setProbe(probe: number): void;
  setColor(color: string): void;
  setAxes(axes: Axes | null): void;
  setSort(name: string, reversed?: boolean): void;
  setSize(size: string): void;
  setSelectedOnly(selectedOnly: boolean): void;
  setBoundaries(boundaries: Boundaries): void;
  resetBoundaries(): void;
  setHistograms(names: readonly string[]): void;
  replaceFilters(filters: Readonly<Record<string, unknown>>): void;
  setFocus(index: number | null): void;
  compareWith(index: number | null): void;
  setFrame(frame: Partial<Frame>): void;
}

export function stateOf(store: Restorable): UiState {
  return {
    probe: Math.round(store.probe * 1000) / 1000,
    color: store.color,
    axes: store.axes,
    sort: store.sort,
    reversed: store.reversed,
    selected_only: store.selectedOnly,
    focus: store.focus,
    compared: store.compared,
    filters: store.filters.toJSON(),
    boundaries: store.boundaries,
    size: store.size,
    histograms: store.histograms,
    frame: store.frame,
  };
}

/** Take over what a saved state says and this study can follow; ignore the rest. */
export function restoreState(store: Restorable, state: Readonly<Record<string, unknown>>): void {
  if (typeof state.probe === "number") store.setProbe(state.probe);
  if (typeof state.color === "string") store.setColor(state.color);
  if (state.axes === null || isAxes(state.axes)) store.setAxes(state.axes);
  if (typeof state.sort === "string") store.setSort(state.sort, state.reversed === true);
  if (typeof state.size === "string") store.setSize(state.size);
  if (typeof state.selected_only === "boolean") store.setSelectedOnly(state.selected_only);
  restoreBoundaries(store, state.boundaries);
  if (Array.isArray(state.histograms)) store.setHistograms(namesIn(state.histograms));
  if (isRecord(state.filters)) store.replaceFilters(state.filters);
  if (isExample(store, state.focus)) store.setFocus(state.focus);
  if (state.focus === null) store.setFocus(null);
  if (isExample(store, state.compared) && state.compared !== store.focus)
    store.compareWith(state.compared);
  if (state.compared === null) store.compareWith(null);
  if (isRecord(state.frame)) store.setFrame(state.frame);
}

/** Where the boundaries stand already, the quantile that they were set by holds. */
function restoreBoundaries(store: Restorable, saved: unknown): void {
  const boundaries = readBoundaries(saved);
  const { boundaries: present, initialBoundaries: initial } = store;
  if (!boundaries || !present || sameBoundaries(boundaries, present)) return;
  if (initial && sameBoundaries(boundaries, initial)) store.resetBoundaries();
  else store.setBoundaries(boundaries);
}

function isAxes(saved: unknown): saved is Axes {
  return Array.isArray(saved) && saved.length === 2 && namesIn(saved).length > 0;
}

function namesIn(saved: readonly unknown[]): string[] {
  return [...new Set(saved)].filter((name) => typeof name === "string");
}

function isExample({ manifest }: Restorable, index: unknown): index is number {
  return Number.isInteger(index) && Number(index) >= 0 && Number(index) < manifest.count;
}

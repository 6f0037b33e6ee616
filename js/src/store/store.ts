/**
 * The store: one study and everything a person has done to the view of it.
 *
 * All views of a session read from it and write to it, so they are linked without knowing each other.
 * It announces *what kind* of thing changed, at once and by name; when to draw is the views' affair.
 * Knows no DOM and no host.
 */

import type { Column } from "./columns";
import { type Bins, binNumbers } from "./filters/bins";
import { createFilters, type Filter, type Filters, TOO_MANY } from "./filters/filters";
import {
  type Boundaries,
  createGrouping,
  type Grouping,
  readBoundaries,
  sameBoundaries,
} from "./grouping";
import { filterables } from "./lookups";
import type { Manifest } from "./manifest";
import { sortOrder } from "./order";
import { createSelection, type Selection, type SelectMode } from "./selection";
import { createUndo, type Undo } from "./undo";
import { createVisits, type Visit } from "./visits";

export { DEPTHS, depthOf, errorOf, hasTwoDepths, numberOf, TWO_DEPTHS } from "./lookups";

export type Topic =
  | "filters"
  | "selection"
  | "highlight"
  | "focus"
  | "probe"
  | "color"
  | "order"
  | "groups"
  | "histograms"
  | "cells"
  | "parts"
  | "refusal";

/** Data of one row per probe, which arrives after the columns and may be missing. */
export interface Parts {
  /** Positions, shape (P, N, 2), 0..65535. */
  map?: Uint16Array;
  /** Winning classes, shape (P, N). */
  votes?: Uint16Array;
  /** Share of agreeing neighbors, shape (P, N), 0..255. */
  agreement?: Uint8Array;
  /** Standard errors in steps of the column's scale, shape (N,); 65535 where there is none. */
  errors?: ReadonlyMap<string, Uint16Array>;
}

export interface UiState {
  probe: number;
  color: string;
  sort: string;
  reversed: boolean;
  selected_only: boolean;
  focus: number | null;
  filters: Record<string, Filter>;
  /** Where the groups begin and end, in a study that has them. */
  boundaries: Boundaries | null;
  /** How large the cells of the grid are. */
  size: CellSize;
  /** Columns whose histograms a person has added. */
  histograms: readonly string[];
}

export const CELL_SIZES = ["small", "medium", "large"] as const;

export type CellSize = (typeof CELL_SIZES)[number];

export const VOTE_COLOR = "probe_vote";

export class Store {
  readonly columns: ReadonlyMap<string, Column>;
  /** How groups are found, where a person may move their boundaries. */
  readonly grouping: Grouping | null;
  readonly filters: Filters;
  readonly selection: Selection;
  /** The examples that were in focus, for going back and forward. */
  readonly visits = createVisits();
  /** Takes back what was selected and filtered. */
  readonly undo: Undo;
  readonly parts: Parts = {};
  probe = 0;
  color = "label";
  sort: string;
  reversed = false;
  selectedOnly = false;
  highlight: number | null = null;
  focus: number | null = null;
  boundaries: Boundaries | null;
  /** The quantile that the boundaries lie at, unless they were moved one by one. */
  quantile: number | null;
  histograms: readonly string[] = [];
  size: CellSize = "medium";
  /** Why the last thing that was asked for was not done. */
  refusal = "";
  readonly #bins = new Map<string, Bins>();
  #listing: Uint32Array | null = null;
  #order: Uint32Array | null = null;
  #narrowed = false;
  readonly #listeners = new Set<(topic: Topic) => void>();

  constructor(
    readonly manifest: Manifest,
    columns: ReadonlyMap<string, Column>,
  ) {
    this.grouping = createGrouping(manifest.plane, columns);
    this.columns = this.grouping ? new Map([...columns, ["group", this.grouping.column]]) : columns;
    this.boundaries = manifest.plane?.boundaries ?? null;
    this.quantile = this.grouping?.initialQ ?? null;
    this.filters = createFilters(manifest.count, filterables(manifest, this.columns));
    this.selection = createSelection(manifest.count);
    this.sort = columns.has("suspicion") ? "suspicion" : "depth";
    if (manifest.plane && columns.has("group")) this.color = "group";
    this.undo = createUndo(this);
  }

  /** Be told of every change; returns the way to stop it. */
  subscribe(listener: (topic: Topic) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Examples in sort order that pass the filters, or only the selected ones of them. */
  get listing(): Uint32Array {
    this.#order ??= this.#sorted();
    this.#listing ??= this.#list(this.#order);
    return this.#listing;
  }

  /** Keep what the filter says, or everything where it says nothing that the column has. */
  setFilter(name: string, filter: Filter | Iterable<number>): void {
    this.setFilters({ [name]: isIterable(filter) ? [...filter] : filter });
  }

  /** Several at once, announced once: all of them, or none where there is no room for all. */
  setFilters(filters: Readonly<Record<string, Filter>>): void {
    if (!this.filters.fits(filters)) {
      this.refusal = TOO_MANY;
      this.#say("refusal");
      return;
    }
    for (const [name, filter] of Object.entries(filters)) this.filters.set(name, filter);
    this.#say("filters");
  }

  toggleFilter(name: string, code: number): void {
    const kept = new Set(this.filters.kept(name));
    if (!kept.delete(code)) kept.add(code);
    this.setFilter(name, kept);
  }

  /** How a column of numbers is counted in its histogram. */
  bins(name: string): Bins | null {
    const column = this.columns.get(name);
    if (column?.type !== "number") return null;
    const bins = this.#bins.get(name) ?? binNumbers(column.values);
    this.#bins.set(name, bins);
    return bins;
  }

  /** Whether the groups are no longer those that the study came with. */
  get groupsMoved(): boolean {
    const { grouping, boundaries } = this;
    return (
      grouping !== null && boundaries !== null && !sameBoundaries(boundaries, grouping.initial)
    );
  }

  /** Find the groups again by other boundaries; ignores what is not in order. */
  setBoundaries(boundaries: Boundaries): void {
    this.#regroup(boundaries, null);
  }

  /** Put the boundaries where Python puts them for this share of low and of high. */
  setQuantile(q: number): void {
    if (!this.grouping || !(q > 0 && q <= 0.5)) return;
    this.#regroup(this.grouping.atQuantile(q), q);
  }

  resetBoundaries(): void {
    if (this.grouping) this.#regroup(this.grouping.initial, this.grouping.initialQ);
  }

  /** Whether there is such a column: numbers and codes have a histogram, texts a search. */
  canOpenHistogram(name: string): boolean {
    return this.columns.has(name);
  }

  openHistogram(name: string): void {
    if (this.histograms.includes(name) || !this.canOpenHistogram(name)) return;
    this.histograms = [...this.histograms, name];
    this.#say("histograms");
  }

  /** Close a histogram, and let go of what it keeps: a filter that nobody sees would mislead. */
  closeHistogram(name: string): void {
    if (!this.histograms.includes(name)) return;
    this.histograms = this.histograms.filter((open) => open !== name);
    if (this.filters.get(name)) this.setFilter(name, []);
    this.#say("histograms");
  }

  clearFilters(): void {
    this.filters.clear();
    this.#say("filters");
  }

  select(indices: Iterable<number>, mode: SelectMode): void {
    if (!this.selection.change(indices, mode)) return;
    if (this.selection.count === 0) this.selectedOnly = false;
    this.#say("selection");
  }

  /** Select a region of the map; the listing then shows what was caught. */
  selectRegion(indices: Iterable<number>, mode: SelectMode): void {
    const changed = this.selection.change(indices, mode);
    const narrow = this.selection.count > 0;
    if (!changed && narrow === this.selectedOnly) return;
    this.selectedOnly = narrow;
    this.#say("selection");
  }

  /** Without a selection there is nothing to narrow to, and the next one must not narrow by surprise. */
  setSelectedOnly(selectedOnly: boolean): void {
    if (this.selectedOnly === selectedOnly || (selectedOnly && this.selection.count === 0)) return;
    this.selectedOnly = selectedOnly;
    this.#say("selection");
  }

  setHighlight(index: number | null): void {
    if (this.highlight === index) return;
    this.highlight = index;
    this.#say("highlight");
  }

  /** Look at an example; steps from one to the next leave one visit behind, not one each. */
  setFocus(index: number | null, how: Visit = "jump"): void {
    if (this.focus === index) return;
    if (index !== null) this.visits.add(index, how);
    this.focus = index;
    this.#say("focus");
  }

  /** Look again at what was looked at before (-1) or after (1). */
  revisit(by: -1 | 1): void {
    const index = this.visits.go(by);
    if (index === null) return;
    this.focus = index;
    this.#say("focus");
  }

  setProbe(probe: number): void {
    const last = Math.max(0, this.manifest.probes.length - 1);
    const next = Math.min(last, Math.max(0, probe));
    if (this.probe === next || Number.isNaN(next)) return;
    this.probe = next;
    this.#say("probe");
  }

  setColor(color: string): void {
    if (this.color === color || !this.#isColor(color)) return;
    this.color = color;
    this.#say("color");
  }

  setSort(name: string, reversed = false): void {
    if (!this.columns.has(name) || (this.sort === name && this.reversed === reversed)) return;
    this.sort = name;
    this.reversed = reversed;
    this.#reorder();
  }

  setSize(size: string): void {
    const known = CELL_SIZES.find((one) => one === size);
    if (!known || known === this.size) return;
    this.size = known;
    this.#say("cells");
  }

  /** The next size up (1) or down (-1), as far as there is one. */
  stepSize(by: -1 | 1): void {
    this.setSize(CELL_SIZES[CELL_SIZES.indexOf(this.size) + by] ?? this.size);
  }

  provide(parts: Parts): void {
    Object.assign(this.parts, parts);
    this.#say("parts");
  }

  uiState(): UiState {
    return {
      probe: Math.round(this.probe * 1000) / 1000,
      color: this.color,
      sort: this.sort,
      reversed: this.reversed,
      selected_only: this.selectedOnly,
      focus: this.focus,
      filters: this.filters.toJSON(),
      boundaries: this.boundaries,
      size: this.size,
      histograms: this.histograms,
    };
  }

  /** Take over what a saved state says and this study can follow; ignore the rest. */
  restore(state: Readonly<Record<string, unknown>>): void {
    if (typeof state.probe === "number") this.setProbe(state.probe);
    if (typeof state.color === "string") this.setColor(state.color);
    if (typeof state.sort === "string") this.setSort(state.sort, state.reversed === true);
    if (typeof state.size === "string") this.setSize(state.size);
    if (typeof state.selected_only === "boolean") this.setSelectedOnly(state.selected_only);
    this.#restoreGroups(state.boundaries);
    if (Array.isArray(state.histograms)) this.#restoreHistograms(state.histograms);
    if (isRecord(state.filters)) this.#restoreFilters(state.filters);
    if (this.#isExample(state.focus)) this.setFocus(state.focus);
    if (state.focus === null) this.setFocus(null);
  }

  #restoreFilters(saved: Readonly<Record<string, unknown>>): void {
    const wanted = Object.entries(saved).filter(([name]) => this.canFilter(name));
    const before = JSON.stringify(this.filters.toJSON());
    this.filters.clear();
    for (const [name, filter] of wanted) {
      if (this.filters.fits({ [name]: filter })) this.filters.set(name, filter);
    }
    if (JSON.stringify(this.filters.toJSON()) !== before) this.#say("filters");
  }

  #restoreGroups(saved: unknown): void {
    const boundaries = readBoundaries(saved);
    if (!boundaries || !this.grouping || !this.boundaries) return;
    // Where they stand already, the quantile that they were set by holds.
    if (sameBoundaries(boundaries, this.boundaries)) return;
    if (sameBoundaries(boundaries, this.grouping.initial)) this.resetBoundaries();
    else this.setBoundaries(boundaries);
  }

  #restoreHistograms(saved: readonly unknown[]): void {
    const isOpen = (name: unknown): name is string =>
      typeof name === "string" && this.canOpenHistogram(name);
    const wanted = [...new Set(saved)].filter(isOpen);
    if (wanted.join("\n") === this.histograms.join("\n")) return;
    this.histograms = wanted;
    this.#say("histograms");
  }

  #regroup(wanted: Boundaries, q: number | null): void {
    const boundaries = readBoundaries(wanted);
    if (!boundaries || !this.grouping || !this.boundaries) return;
    const moved = !sameBoundaries(boundaries, this.boundaries);
    if (!moved && q === this.quantile) return;
    this.boundaries = boundaries;
    this.quantile = q;
    if (moved) this.grouping.assign(boundaries);
    if (moved) this.filters.refresh("group");
    this.#say("groups");
    if (moved && this.sort === "group") this.#reorder();
    if (moved && this.filters.get("group")) this.#say("filters");
  }

  #reorder(): void {
    this.#order = null;
    this.#say("order");
  }

  canFilter(name: string): boolean {
    return this.columns.has(name);
  }

  #isColor(color: string): boolean {
    const column = this.columns.get(color);
    if (column) return column.type !== "text";
    return color === VOTE_COLOR && "votes" in this.manifest.chunks;
  }

  #isExample(index: unknown): index is number {
    return Number.isInteger(index) && Number(index) >= 0 && Number(index) < this.manifest.count;
  }

  #sorted(): Uint32Array {
    const column = this.columns.get(this.sort);
    if (!column) return Uint32Array.from({ length: this.manifest.count }, (_, i) => i);
    return sortOrder(column, this.reversed);
  }

  #list(order: Uint32Array): Uint32Array {
    const { filters, selection, selectedOnly } = this;
    this.#narrowed = selectedOnly;
    const listed = new Uint32Array(filters.shownCount);
    let count = 0;
    for (let place = 0; place < order.length; place++) {
      const index = order[place] as number;
      if (filters.isShown(index) && (!selectedOnly || selection.has(index)))
        listed[count++] = index;
    }
    return count < listed.length ? listed.slice(0, count) : listed;
  }

  #say(topic: Topic): void {
    const relists = topic === "selection" && (this.#narrowed || this.selectedOnly);
    if (relists || topic === "filters" || topic === "order") this.#listing = null;
    for (const listener of [...this.#listeners]) listener(topic);
  }
}

function isIterable(filter: Filter | Iterable<number>): filter is Iterable<number> {
  return Symbol.iterator in filter;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The store: one study and everything a person has done to the view of it.
 *
 * All views of a session read from it and write to it, so they are linked without knowing each other. What it holds are the
 * fields, each a signal; here is what changes which examples are kept, in what groups. Knows no DOM and no host.
 */

import type { Column } from "./columns";
import { filterables, tellingProbe } from "./depths";
import { type Bins, binNumbers } from "./filters/bins";
import {
  type Coded,
  createFilters,
  type Filter,
  type Filterable,
  TOO_MANY,
} from "./filters/filters";
import {
  type Boundaries,
  createGrouping,
  type Grouping,
  readBoundaries,
  sameBoundaries,
} from "./grouping";
import { createUndo, type Undo } from "./history/undo";
import { listShown, orderBy } from "./listing/listing";
import { Look } from "./look";
import type { Manifest } from "./manifest";
import { batch, computed } from "./reactive";
import { revision } from "./revisions";
import { restoreState, stateOf, type UiState } from "./saved_state";
import { createSelection, type SelectMode } from "./selection";

export class Store extends Look {
  /** What a filter can ask of each column. */
  readonly filterables: ReadonlyMap<string, Filterable>;
  /** How groups are found, where a person may move their boundaries. */
  readonly grouping: Grouping | null;
  /** Takes back what was selected and filtered. */
  readonly undo: Undo;
  readonly #bins = new Map<string, Bins>();
  readonly #order = computed(() => this.#sorted());
  readonly #listing = computed(() =>
    listShown(this.#order.value, this.filters, this.selectedOnly ? this.selection : null),
  );

  constructor(manifest: Manifest, columns: ReadonlyMap<string, Column>) {
    const { count, plane, probes } = manifest;
    const grouping = createGrouping(plane, columns);
    const all = grouping ? new Map([...columns, ["group", grouping.column]]) : columns;
    const asked = filterables(all, probes.length);
    super(manifest, all, {
      filters: createFilters(count, asked),
      selection: createSelection(count),
      sort: columns.has("suspicion_rank") ? "suspicion_rank" : "depth",
      color: plane && columns.has("group") ? "group" : "label",
      boundaries: plane?.boundaries ?? null,
      quantile: grouping?.initialQ ?? null,
      probe: tellingProbe(all, probes.length),
    });
    this.grouping = grouping;
    this.filterables = asked;
    this.undo = createUndo(this);
  }

  /** The boundaries that the study came with, where they can be moved. */
  get initialBoundaries(): Boundaries | null {
    return this.grouping?.initial ?? null;
  }

  /** All examples in sort order. */
  get order(): Uint32Array {
    return this.#order.value;
  }

  /** Examples in sort order that pass the filters, or only the selected ones of them. */
  get listing(): Uint32Array {
    return this.#listing.value;
  }

  /** Examples of each code of a column that pass all filters but the column's own, by the groups of now. */
  counts(name: string): Uint32Array {
    this.signals.boundaries.value;
    return this.filters.counts(name);
  }

  /** The same for codes that need be no column: pass all filters but those of `ignored`. */
  tally(coded: Coded, ...ignored: readonly string[]): Uint32Array {
    this.signals.boundaries.value;
    return this.filters.tally(coded, ...ignored);
  }

  /** Keep what the filter says, or everything where it says nothing that the column has. */
  setFilter(name: string, filter: Filter | Iterable<number>): void {
    this.setFilters({ [name]: isIterable(filter) ? [...filter] : filter });
  }

  /** Several at once: all of them, or none where there is no room for all. */
  setFilters(filters: Readonly<Record<string, Filter>>): void {
    if (!this.filters.fits(filters)) {
      this.signals.refusal.value = { reason: TOO_MANY };
      return;
    }
    for (const [name, filter] of Object.entries(filters)) this.filters.set(name, filter);
    this.#filtersChanged();
  }

  toggleFilter(name: string, code: number): void {
    const kept = new Set(this.filters.kept(name));
    if (!kept.delete(code)) kept.add(code);
    this.setFilter(name, kept);
  }

  /** These filters and no others, as far as the study has their columns and there is room for them. */
  replaceFilters(wanted: Readonly<Record<string, unknown>>): void {
    const { filters } = this;
    const before = JSON.stringify(filters.toJSON());
    filters.clear();
    for (const [name, filter] of Object.entries(wanted)) {
      const possible = this.filterables.has(name) && filters.fits({ [name]: filter });
      if (possible) filters.set(name, filter);
    }
    if (JSON.stringify(filters.toJSON()) !== before) this.#filtersChanged();
  }

  clearFilters(): void {
    this.filters.clear();
    this.#filtersChanged();
  }

  /** How a column of numbers is counted in its histogram. */
  bins(name: string): Bins | null {
    const column = this.columns.get(name);
    if (column?.type !== "number") return null;
    if (ANNOTATING && column.info.changes) return binNumbers(column.values);
    const bins = this.#bins.get(name) ?? binNumbers(column.values);
    this.#bins.set(name, bins);
    return bins;
  }

  /** Whether the groups are no longer those that the study came with. */
  get groupsMoved(): boolean {
    const { initialBoundaries, boundaries } = this;
    return (
      initialBoundaries !== null &&
      boundaries !== null &&
      !sameBoundaries(boundaries, initialBoundaries)
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

  openHistogram(name: string): void {
    this.setHistograms([...this.histograms, name]);
  }

  /** Close a histogram, and let go of what it keeps: a filter that nobody sees would mislead. */
  closeHistogram(name: string): void {
    if (!this.histograms.includes(name)) return;
    batch(() => {
      this.setHistograms(this.histograms.filter((open) => open !== name));
      if (this.filters.get(name)) this.setFilter(name, []);
    });
  }

  /** Open these histograms and no others, each once, as far as there are such columns. */
  setHistograms(names: readonly string[]): void {
    const wanted = [...new Set(names)].filter((name) => this.filterables.has(name));
    if (wanted.join("\n") !== this.histograms.join("\n")) this.signals.histograms.value = wanted;
  }

  select(indices: Iterable<number>, mode: SelectMode): void {
    if (!this.selection.change(indices, mode)) return;
    batch(() => {
      if (this.selection.count === 0) this.signals.selectedOnly.value = false;
      this.signals.selection.value = { held: this.selection };
    });
  }

  /**
   * Look at one example, as by a plain click. It selects it alone, but where several are selected it adds or takes away this one:
   * a click never lets a selection go without a word.
   */
  pick(index: number, mode: SelectMode = "replace"): void {
    batch(() => {
      const several = this.selection.count > 1;
      this.select([index], mode === "replace" && several ? "toggle" : mode);
      this.setFocus(index);
      if (mode === "replace" && !several) this.openPanel();
    });
  }

  /** Select a region of the map; the listing then shows what was caught. */
  selectRegion(indices: Iterable<number>, mode: SelectMode): void {
    const changed = this.selection.change(indices, mode);
    batch(() => {
      this.signals.selectedOnly.value = this.selection.count > 0;
      if (changed) this.signals.selection.value = { held: this.selection };
    });
  }

  /** Without a selection there is nothing to narrow to, and the next one must not narrow by surprise. */
  setSelectedOnly(selectedOnly: boolean): void {
    if (!selectedOnly || this.selection.count > 0) this.signals.selectedOnly.value = selectedOnly;
  }

  uiState(): UiState {
    return stateOf(this);
  }

  /** Take over what a saved state says and this study can follow; ignore the rest. */
  restore(state: Readonly<Record<string, unknown>>): void {
    restoreState(this, state);
  }

  #filtersChanged(): void {
    this.signals.filters.value = { held: this.filters };
  }

  #regroup(wanted: Boundaries, q: number | null): void {
    const boundaries = readBoundaries(wanted);
    const { grouping, boundaries: present } = this;
    if (!boundaries || !grouping || !present) return;
    const moved = !sameBoundaries(boundaries, present);
    if (moved) grouping.assign(boundaries);
    if (moved) this.filters.refresh("group");
    batch(() => {
      if (moved) this.signals.boundaries.value = boundaries;
      this.signals.quantile.value = q;
      if (moved && this.filters.get("group")) this.#filtersChanged();
    });
  }

  /** An order by group changes with the boundaries, one by decisions with each of them. */
  #sorted(): Uint32Array {
    if (this.sort === "group") this.signals.boundaries.value;
    if (ANNOTATING && this.columns.get(this.sort)?.info.changes) revision(this);
    return orderBy(this.columns.get(this.sort), this.reversed, this.manifest.count);
  }
}

function isIterable(filter: Filter | Iterable<number>): filter is Iterable<number> {
  return Symbol.iterator in filter;
}

/**
 * How a study is looked at: the example in focus, the probe, color and order, and how the views share the space.
 *
 * Nothing here changes which examples are kept. What a study cannot follow, as a column that it lacks, is ignored.
 */

import type { Column } from "./columns";
import { type Beginning, type Parts, StoreFields } from "./fields";
import { type Frame, readFrame } from "./frame";
import { createVisits, type Visit } from "./history/visits";
import type { Manifest } from "./manifest";
import { batch } from "./reactive";
import { type Axes, CELL_SIZES } from "./saved_state";

export const VOTE_COLOR = "probe_vote";

export class Look extends StoreFields {
  readonly manifest: Manifest;
  readonly columns: ReadonlyMap<string, Column>;
  /** The examples that were in focus, for going back and forward. */
  readonly visits = createVisits();

  constructor(manifest: Manifest, columns: ReadonlyMap<string, Column>, beginning: Beginning) {
    super(beginning);
    this.manifest = manifest;
    this.columns = columns;
  }

  setHighlight(index: number | null): void {
    this.signals.highlight.value = index;
  }

  /** Look at an example; steps from one to the next leave one visit behind, not one each. */
  setFocus(index: number | null, how: Visit = "jump"): void {
    if (this.focus === index) return;
    if (index !== null) this.visits.add(index, how);
    batch(() => {
      if (this.compared === index) this.signals.compared.value = null;
      this.signals.focus.value = index;
    });
  }

  /** Put an example beside the one in focus, or stop comparing. */
  compareWith(index: number | null): void {
    this.signals.compared.value = index;
  }

  /** Look again at what was looked at before (-1) or after (1). */
  revisit(by: -1 | 1): void {
    const index = this.visits.go(by);
    if (index !== null) this.signals.focus.value = index;
  }

  setProbe(probe: number): void {
    const last = Math.max(0, this.manifest.probes.length - 1);
    if (!Number.isNaN(probe)) this.signals.probe.value = Math.min(last, Math.max(0, probe));
  }

  setColor(color: string): void {
    if (this.#isColor(color)) this.signals.color.value = color;
  }

  /** Place the examples by two columns of numbers, or by the map again. */
  setAxes(axes: Axes | null): void {
    if (axes?.some((name) => this.columns.get(name)?.type !== "number")) return;
    if (String(axes) !== String(this.axes)) this.signals.axes.value = axes;
  }

  setSort(name: string, reversed = false): void {
    if (!this.columns.has(name)) return;
    batch(() => {
      this.signals.sort.value = name;
      this.signals.reversed.value = reversed;
    });
  }

  setSize(size: string): void {
    this.signals.size.value = CELL_SIZES.find((one) => one === size) ?? this.size;
  }

  /** The next size up (1) or down (-1), as far as there is one. */
  stepSize(by: -1 | 1): void {
    this.setSize(CELL_SIZES[CELL_SIZES.indexOf(this.size) + by] ?? this.size);
  }

  setFrame(frame: Partial<Frame>): void {
    const next = readFrame(frame, this.frame);
    const same = Object.entries(next).every(
      ([key, value]) => this.frame[key as keyof Frame] === value,
    );
    if (!same) this.signals.frame.value = next;
  }

  /** Open the panel of the example in focus, where it is closed. */
  openPanel(): void {
    if (this.frame.panel === "closed") this.setFrame({ panel: "wide" });
  }

  provide(parts: Parts): void {
    this.signals.parts.value = { ...this.parts, ...parts };
  }

  #isColor(color: string): boolean {
    const column = this.columns.get(color);
    if (column) return column.type !== "text";
    return color === VOTE_COLOR && "votes" in this.manifest.chunks;
  }
}

/**
 * The fields of a store: everything that a person can change in the view of a study, each a signal.
 *
 * Whoever reads a field in an effect runs again when it changes. Filters and the selection are changed in place, so what their
 * signals hold is a frame around them, a new one for each change.
 */

import type { Filters } from "./filters/filters";
import { type Frame, USUAL_FRAME } from "./frame";
import type { Boundaries } from "./grouping";
import { signal } from "./reactive";
import type { Axes, CellSize } from "./saved_state";
import type { Selection } from "./selection";

/** Data of one row per probe, which arrives after the columns and may be missing. */
export interface Parts {
  /** Positions, shape (P, N, 2), 0..65535. */
  readonly map?: Uint16Array;
  /** Winning classes, shape (P, N). */
  readonly votes?: Uint16Array;
  /** Share of agreeing neighbors, shape (P, N), 0..255. */
  readonly agreement?: Uint8Array;
  /** Standard errors in steps of the column's scale, shape (N,); 65535 where there is none. */
  readonly errors?: ReadonlyMap<string, Uint16Array>;
}

export interface Beginning {
  readonly filters: Filters;
  readonly selection: Selection;
  readonly sort: string;
  readonly color: string;
  readonly boundaries: Boundaries | null;
  readonly quantile: number | null;
  readonly probe: number;
}

export class StoreFields {
  protected readonly signals;

  constructor({ filters, selection, sort, color, boundaries, quantile, probe }: Beginning) {
    this.signals = {
      filters: signal({ held: filters }),
      selection: signal({ held: selection }),
      sort: signal(sort),
      color: signal(color),
      boundaries: signal(boundaries),
      quantile: signal(quantile),
      parts: signal<Parts>({}),
      probe: signal(probe),
      axes: signal<Axes | null>(null),
      reversed: signal(false),
      selectedOnly: signal(false),
      highlight: signal<number | null>(null),
      focus: signal<number | null>(null),
      compared: signal<number | null>(null),
      histograms: signal<readonly string[]>([]),
      size: signal<CellSize>("medium"),
      frame: signal<Frame>(USUAL_FRAME),
      refusal: signal({ reason: "" }),
    };
  }

  get filters(): Filters {
    return this.signals.filters.value.held;
  }

  get selection(): Selection {
    return this.signals.selection.value.held;
  }

  /** Another object for each change of the filters. */
  get filterChange(): object {
    return this.signals.filters.value;
  }

  /** Another object for each change of the selection. */
  get selectionChange(): object {
    return this.signals.selection.value;
  }

  get parts(): Parts {
    return this.signals.parts.value;
  }

  get probe(): number {
    return this.signals.probe.value;
  }

  get color(): string {
    return this.signals.color.value;
  }

  /** The columns that place the examples; null where the map does. */
  get axes(): Axes | null {
    return this.signals.axes.value;
  }

  get sort(): string {
    return this.signals.sort.value;
  }

  get reversed(): boolean {
    return this.signals.reversed.value;
  }

  get selectedOnly(): boolean {
    return this.signals.selectedOnly.value;
  }

  get highlight(): number | null {
    return this.signals.highlight.value;
  }

  get focus(): number | null {
    return this.signals.focus.value;
  }

  /** The example that stands beside the one in focus, where two are compared. */
  get compared(): number | null {
    return this.signals.compared.value;
  }

  get boundaries(): Boundaries | null {
    return this.signals.boundaries.value;
  }

  /** The quantile that the boundaries lie at, unless they were moved one by one. */
  get quantile(): number | null {
    return this.signals.quantile.value;
  }

  get histograms(): readonly string[] {
    return this.signals.histograms.value;
  }

  get size(): CellSize {
    return this.signals.size.value;
  }

  /** How the views share the space. */
  get frame(): Frame {
    return this.signals.frame.value;
  }

  /** Why the last thing that was asked for was not done; another object each time. */
  get refusal(): { readonly reason: string } {
    return this.signals.refusal.value;
  }
}

/**
 * What the scatter is given of a study: places, colors and shapes, and which examples are shown, selected and highlighted.
 */
import { ABSENT, HIGHLIGHTED, type Scatter, SELECTED, SHOWN } from "../../scatter";
import { VOTE_COLOR } from "../../store/look";
import { type Computed, untracked } from "../../store/reactive";
import { revision } from "../../store/revisions";
import { createComparison } from "../parts/comparison";
import { resolveColor } from "../parts/theme";
import { paintOnChange, type ViewContext } from "../parts/view";
import type { ColumnPlaces } from "./columns/places";
import { type Encoding, encode, type Legend } from "./encoding";
import { encodeTrust, type PlaceTrust } from "./trust";

export interface Points {
  /** Places at each probe, shape (P, N, 2), or of two columns, shape (1, N, 2); none before they come. */
  readonly positions: Uint16Array | undefined;
  /** What places them, where it is not the map. */
  readonly columns: ColumnPlaces | null;
  /** Whether an example has a place. */
  has(index: number): boolean;
  /** The color of each example, shape (N, 3). */
  readonly rgb: Uint8Array;
  /** How the examples look; another object whenever that has changed. */
  readonly encoding: Encoding | null;
  /** The color that selected examples are ringed in. */
  readonly selectionColor: string;
}

export interface PointSources {
  readonly places: Computed<ColumnPlaces | null>;
  /** How far places can be trusted, where that is what colors the points. */
  readonly trust: () => PlaceTrust | null;
  /** Its styles have the colors of the theme. */
  readonly ground: HTMLElement;
  readonly onLegend: (legend: Legend) => void;
}

export function createPoints(
  context: ViewContext,
  scatter: Scatter,
  sources: PointSources,
): Points {
  const { places } = sources;
  const points: Mutable<Points> = {
    positions: undefined,
    columns: null,
    has: (index) => points.positions !== undefined && points.columns?.known[index] !== 0,
    rgb: new Uint8Array(0),
    encoding: null,
    selectionColor: "#111111",
  };
  paintOnChange(context, () => place(context, scatter, points, places.value));
  paintOnChange(context, () => {
    points.selectionColor = paintTheme(context, scatter, sources.ground);
  });
  paintColors(context, scatter, points, sources);
  paintOnChange(context, () => {
    void context.store.parts;
    scatter.setProbe(context.store.probe);
  });
  const states = new Uint8Array(context.store.manifest.count);
  paintOnChange(context, () => {
    void places.value;
    paintStates(context, scatter, points, states);
  });
  return points;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function place(
  { store }: ViewContext,
  scatter: Scatter,
  points: Mutable<Points>,
  columns: ColumnPlaces | null,
): void {
  const positions = columns ? columns.positions : store.parts.map;
  if (positions === points.positions) return;
  const { probes, count } = store.manifest;
  points.positions = positions;
  points.columns = columns;
  if (positions) scatter.setPositions(positions, columns ? 1 : probes.length, count);
  scatter.resetView();
}

function paintTheme({ theme }: ViewContext, scatter: Scatter, ground: HTMLElement): string {
  theme();
  const selection = resolveColor(ground, "--dv-selection", "#111111");
  scatter.setTheme({
    background: resolveColor(ground, "--dv-ground", "#ffffff"),
    dimmed: resolveColor(ground, "--dv-dimmed", "#c8ccd0"),
    selection,
  });
  return selection;
}

/** Encode anew only where what the encoding rests on has changed: the probe counts for votes and for trust alone. */
function paintColors(
  context: ViewContext,
  scatter: Scatter,
  points: Mutable<Points>,
  { places: columns, trust, onLegend }: PointSources,
): void {
  const { store } = context;
  const encodingChanged = createComparison();
  paintOnChange(context, () => {
    const places = trust();
    const votes = store.color === VOTE_COLOR && store.parts.votes !== undefined;
    const probe = places || votes ? Math.round(store.probe) : null;
    const decided = ANNOTATING ? revision(store) : null;
    const groups = store.color === "group" ? store.boundaries : decided;
    const theme = context.theme();
    void [store.parts, columns.value];
    const placed = points.positions !== undefined;
    if (!encodingChanged(placed, theme, places ?? store.color, probe, groups)) return;
    const encoding = untracked(() =>
      places ? encodeTrust(store, places, theme) : encode(store, theme),
    );
    points.encoding = encoding;
    points.rgb = encoding.rgb;
    if (placed) scatter.setColors(encoding.rgb);
    if (placed) scatter.setShapes(encoding.shapes);
    onLegend(encoding.legend);
  });
}

function paintStates(
  { store }: ViewContext,
  scatter: Scatter,
  points: Points,
  states: Uint8Array,
): void {
  const { filters, selection, highlight } = store;
  void store.parts;
  if (!points.positions) return;
  for (let i = 0; i < states.length; i++) {
    const shown = filters.isShown(i) ? SHOWN : 0;
    const selected = selection.has(i) ? SELECTED : 0;
    const state = shown | selected | (highlight === i ? HIGHLIGHTED : 0);
    states[i] = points.has(i) ? state : ABSENT;
  }
  scatter.setStates(states);
}

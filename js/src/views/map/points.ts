/**
 * What the scatter is given of a study: places, colors and shapes, and which examples are shown, selected and highlighted.
 */
import { HIGHLIGHTED, type Scatter, SELECTED, SHOWN } from "../../scatter";
import { VOTE_COLOR } from "../../store/look";
import { untracked } from "../../store/reactive";
import { revision } from "../../store/revisions";
import { createComparison } from "../parts/comparison";
import { resolveColor } from "../parts/theme";
import { paintOnChange, type ViewContext } from "../parts/view";
import { type Encoding, encode, type Legend } from "./encoding";
import { encodeTrust, type PlaceTrust } from "./trust";

export interface Points {
  /** Whether the points have places yet. */
  readonly placed: boolean;
  /** The color of each example, shape (N, 3). */
  readonly rgb: Uint8Array;
  /** How the examples look; another object whenever that has changed. */
  readonly encoding: Encoding | null;
  /** The color that selected examples are ringed in. */
  readonly selectionColor: string;
}

export interface PointSources {
  /** How far places can be trusted, where that is what colors the points. */
  readonly trust: () => PlaceTrust | null;
  /** Its styles have the colors of the theme. */
  readonly ground: HTMLElement;
  readonly onLegend: (legend: Legend) => void;
}

export function createPoints(
  context: ViewContext,
  scatter: Scatter | null,
  sources: PointSources,
): Points {
  const points: Mutable<Points> = {
    placed: false,
    rgb: new Uint8Array(0),
    encoding: null,
    selectionColor: "#111111",
  };
  paintOnChange(context, () => place(context, scatter, points));
  paintOnChange(context, () => {
    points.selectionColor = paintTheme(context, scatter, sources.ground);
  });
  paintColors(context, scatter, points, sources);
  paintOnChange(context, () => {
    void context.store.parts;
    scatter?.setProbe(context.store.probe);
  });
  const states = new Uint8Array(context.store.manifest.count);
  paintOnChange(context, () => paintStates(context, scatter, points, states));
  return points;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function place({ store }: ViewContext, scatter: Scatter | null, points: Mutable<Points>): void {
  const { map } = store.parts;
  if (!scatter || !map || points.placed) return;
  points.placed = true;
  scatter.setPositions(map, store.manifest.probes.length, store.manifest.count);
}

function paintTheme({ theme }: ViewContext, scatter: Scatter | null, ground: HTMLElement): string {
  theme();
  const selection = resolveColor(ground, "--dv-selection", "#111111");
  scatter?.setTheme({
    background: resolveColor(ground, "--dv-ground", "#ffffff"),
    dimmed: resolveColor(ground, "--dv-dimmed", "#c8ccd0"),
    selection,
  });
  return selection;
}

/** Encode anew only where what the encoding rests on has changed: the probe counts for votes and for trust alone. */
function paintColors(
  context: ViewContext,
  scatter: Scatter | null,
  points: Mutable<Points>,
  { trust, onLegend }: PointSources,
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
    const placed = store.parts.map !== undefined && points.placed;
    if (!encodingChanged(placed, theme, places ?? store.color, probe, groups)) return;
    const encoding = untracked(() =>
      places ? encodeTrust(store, places, theme) : encode(store, theme),
    );
    points.encoding = encoding;
    points.rgb = encoding.rgb;
    if (placed) scatter?.setColors(encoding.rgb);
    if (placed) scatter?.setShapes(encoding.shapes);
    onLegend(encoding.legend);
  });
}

function paintStates(
  { store }: ViewContext,
  scatter: Scatter | null,
  { placed }: Points,
  states: Uint8Array,
): void {
  const { filters, selection, highlight, parts } = store;
  if (!placed || !parts.map) return;
  for (let i = 0; i < states.length; i++) {
    const shown = filters.isShown(i) ? SHOWN : 0;
    const selected = selection.has(i) ? SELECTED : 0;
    states[i] = shown | selected | (highlight === i ? HIGHLIGHTED : 0);
  }
  scatter?.setStates(states);
}

/**
 * Rings around the points of examples that bear a verdict.
 *
 * Only where studies are annotated; the shared code asks for it behind `ANNOTATING`.
 */
import type { Scatter } from "../../../scatter";
import { verdictOn } from "../../parts/examples/annotated_mark";
import { resolveColor } from "../../parts/theme";
import type { ViewContext } from "../../parts/view";
import type { Points } from "../points";
import { createLayer, type Layer } from "./layer";

interface Rings {
  readonly layer: Layer;
  /** Which examples bear a verdict, and the change that this was found at. */
  found: readonly number[];
  at: object | null;
}

/** More rings than that would hide the map. */
const MOST = 4000;

const rings = new WeakMap<Scatter, Rings>();

export function drawAnnotated(
  { store, desk }: ViewContext,
  scatter: Scatter,
  points: Points,
): void {
  if (!desk) return;
  const known = rings.get(scatter) ?? { layer: createLayer(scatter), found: [], at: null };
  rings.set(scatter, known);
  if (known.at !== desk.change) {
    const all = Array.from({ length: store.manifest.count }, (_, index) => index);
    known.found = all.filter((index) => verdictOn(desk, index) !== "");
    known.at = desk.change;
  }
  const shown = known.found.filter((index) => store.filters.isShown(index) && points.has(index));
  const context = shown.length > 0 && shown.length <= MOST ? known.layer.begin() : null;
  if (!context) {
    known.layer.clear();
    return;
  }
  context.strokeStyle = resolveColor(scatter.canvas, "--dv-text", "#1b1e23");
  context.lineWidth = 1.25;
  for (const index of shown) {
    const { x, y } = scatter.screenPosition(index);
    context.beginPath();
    context.arc(x, y, scatter.measures.point / 2 + 2.5, 0, 2 * Math.PI);
    context.stroke();
  }
}

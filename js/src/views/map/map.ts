/**
 * The map: every example a point, moved along the axis of probes, caught by click or lasso.
 *
 * Turns what the store says into the arrays a scatter draws, and what a scatter reports into words to the store.
 */

import { createScatter, type PickMode } from "../../scatter";
import { computed } from "../../store/reactive";
import { revision } from "../../store/revisions";
import type { Store } from "../../store/store";
import { h, setAttribute } from "../parts/dom";
import { onHold } from "../parts/hold";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { createProbeAxis, type ProbeAxis } from "./axis/probe_axis";
import { placeByColumns } from "./columns/places";
import { createLegend, drawLegend } from "./legend";
import { createMapTools } from "./map_tools";
import { createOverlays } from "./overlays/overlays";
import { createPoints } from "./points";
import { hasPlaceTrust } from "./trust";
import { createTrustSwitch } from "./trust_switch";

export interface MapView extends View {
  /** The axis of probes, which goes below. */
  readonly axis: HTMLElement;
  step(by: number): void;
}

const CANVAS_KEYS =
  "Plus and minus zoom, arrows move, 0 resets, brackets step through the probes, " +
  "Enter selects what is in sight.";

export function createMap(context: ViewContext): MapView {
  const { store, signal } = context;
  const ground = h("div", { class: "ground" });
  const legend = createLegend(context);
  const spread = h("span", { class: "name" });
  const axis: ProbeAxis = createProbeAxis(context);
  const places = computed(() => {
    if (ANNOTATING && store.axes) revision(store);
    return store.axes && placeByColumns(store, store.axes);
  });
  const scatter = createScatter(ground, {
    ...scatterEvents(store),
    onTool: (tool) => toolbar.showTool(tool),
    onDrawn: () => overlays.draw(),
  });
  on(signal, "abort", () => scatter.dispose());
  onHold(scatter.canvas, () => scatter.hovered, context);
  scatter.canvas.setAttribute("role", "img");
  const trust = createTrustSwitch(context, () => toolbar.showTrust(false));
  const points = createPoints(context, scatter, {
    places,
    trust: () => (store.axes ? null : trust.places),
    ground,
    onLegend: (content) => {
      drawLegend(legend, content);
      legend.append(spread);
    },
  });
  const overlays = createOverlays(context, scatter, points, { ground, spread });
  const toolbar = createMapTools(context, scatter, {
    places,
    trails: overlays.toggleTrails,
    trust: hasPlaceTrust(store) ? trust.toggle : undefined,
  });
  const hint = h("p", { class: "empty" }, "Loading the map …");
  ground.append(overlays.card, hint, trust.note, ...overlays.notes);
  const element = h(
    "section",
    { class: "pane of-map", "data-depthviz-view": "map", "aria-label": "Map" },
    ...[toolbar.element, ground, toolbar.foot(legend)],
  );
  overlays.onDraw(() => setAttribute(element, "data-depthviz-renderer", scatter.renderer));
  paintOnChange(context, () =>
    setAttribute(element, "data-depthviz-probe", Number(store.probe.toFixed(3))),
  );
  paintOnChange(context, () => {
    const by = places.value?.rulers.map(({ title }) => title).join(" and ");
    ground.hidden = !store.manifest.map && !by;
    hint.hidden = by !== undefined || store.parts.map !== undefined;
    const what = by ? `Examples by ${by}. ` : "Map of examples. ";
    setAttribute(scatter.canvas, "aria-label", what + CANVAS_KEYS);
  });
  const drawFirst = { order: 0, run: () => scatter.drawNow() };
  let begun = false;
  paintOnChange(context, () => {
    if (begun || !(store.parts.map || store.axes)) return;
    begun = true;
    context.schedule(drawFirst);
  });
  return { element, axis: axis.element, step: axis.step };
}

/** The panel that a first click opens moves the map: the second of a double click may land beside the point. */
const DOUBLE_CLICK_MS = 500;

function scatterEvents(store: Store) {
  let picked = Number.NEGATIVE_INFINITY;
  return {
    onPick(index: number | null, mode: PickMode) {
      const now = performance.now();
      if (index === null) {
        if (mode === "replace" && now - picked > DOUBLE_CLICK_MS) store.select([], "replace");
        return;
      }
      picked = now;
      if (mode === "replace") store.setSelectedOnly(false);
      store.pick(index, mode);
    },
    onLasso: (indices: Uint32Array, mode: PickMode) => store.selectRegion(indices, mode),
    onHover: (index: number | null) => store.setHighlight(index),
  };
}

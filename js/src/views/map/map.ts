/**
 * The map: every example a point, moved along the axis of probes, caught by click or lasso.
 *
 * Turns what the store says into the arrays a scatter draws, and what a scatter reports into words to the store.
 */

import { createScatter, HIGHLIGHTED, type PickMode, SELECTED, SHOWN } from "../../scatter";
import { signal as createSignal, untracked } from "../../store/reactive";
import { type Store, VOTE_COLOR } from "../../store/store";
import { createCard } from "../parts/card";
import { createComparison } from "../parts/comparison";
import { h, setAttribute, setText } from "../parts/dom";
import { resolveColor } from "../parts/theme";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { encode } from "./encoding";
import { drawLegend } from "./legend";
import { createMapTools } from "./map_tools";
import { createProbeAxis, type ProbeAxis } from "./probe_axis";
import { createThumbnails } from "./thumbnails";
import { createTrails } from "./trails";
import { encodeTrust, hasPlaceTrust, loadPlaceTrust, type PlaceTrust } from "./trust";

export interface MapView extends View {
  step(by: number): void;
}

const CANVAS_LABEL =
  "Map of examples. Plus and minus zoom, arrows move, 0 resets, brackets step through the probes, " +
  "Enter selects what is in sight.";

export function createMap(context: ViewContext): MapView {
  const { store } = context;
  const ground = h("div", { class: "ground" });
  const legend = h("div", { class: "legend", role: "group", "aria-label": "Legend" });
  const hint = h("p", { class: "empty" });
  const problem = h("p", { class: "map-note", role: "alert" });
  problem.hidden = true;
  const card = createCard(context);
  const axis: ProbeAxis = createProbeAxis(context);
  const scatter = store.manifest.map
    ? createScatter(ground, {
        ...scatterEvents(store),
        onTool: (tool) => toolbar.showTool(tool),
        onDrawn: () => drawOverlays(),
      })
    : null;
  const trails = scatter && createTrails(store, scatter);
  const thumbnails = scatter && context.tiles && createThumbnails(store, scatter, context.tiles);
  const toolbar = createMapTools(context, scatter, {
    trails() {
      trails?.toggle();
      drawOverlays();
      return trails?.shown ?? false;
    },
    trust: hasPlaceTrust(store) ? toggleTrust : undefined,
  });
  ground.append(card.element, hint, problem, ...(trails ? [trails.note] : []));
  legend.hidden = scatter === null;
  const element = h(
    "section",
    { class: "pane", "data-depthviz-view": "map", "aria-label": "Map" },
    toolbar.element,
    ground,
    legend,
    axis.element,
  );
  const states = new Uint8Array(store.manifest.count);
  let placed = false;
  let rgb: Uint8Array = new Uint8Array(0);
  let selectionColor = "#111111";
  const trusting = createSignal(false);
  const places = createSignal<PlaceTrust | null>(null);
  const colorChanged = createComparison();
  const encodingChanged = createComparison();
  colorChanged(store.color);

  context.signal.addEventListener("abort", () => scatter?.dispose());
  scatter?.canvas.setAttribute("role", "img");
  scatter?.canvas.setAttribute("aria-label", CANVAS_LABEL);

  function place(): void {
    const { map } = store.parts;
    if (!scatter || !map || placed) return;
    placed = true;
    scatter.setPositions(map, store.manifest.probes.length, store.manifest.count);
  }

  function paintColors(): void {
    const trust = trusting.value ? places.value : null;
    const votes = store.color === VOTE_COLOR && store.parts.votes !== undefined;
    const probe = trust || votes ? Math.round(store.probe) : null;
    const theme = context.theme();
    const groups = store.color === "group" ? store.boundaries : null;
    store.parts;
    if (!encodingChanged(placed, theme, trust ?? store.color, probe, groups)) return;
    const found = untracked(() =>
      trust ? encodeTrust(store, trust, theme) : encode(store, theme),
    );
    rgb = found.rgb;
    if (placed) scatter?.setColors(found.rgb);
    if (placed) scatter?.setShapes(found.shapes);
    drawLegend(legend, found.legend);
  }

  function toggleTrust(): boolean {
    trusting.value = !trusting.value;
    if (trusting.value && !places.value) void fetchPlaces();
    return trusting.value;
  }

  async function fetchPlaces(): Promise<void> {
    try {
      places.value = await loadPlaceTrust(store, context.load);
      problem.hidden = true;
    } catch (reason) {
      setText(problem, `Trust: ${reason instanceof Error ? reason.message : String(reason)}`);
      problem.hidden = false;
      trusting.value = false;
      toolbar.showTrust(false);
    }
  }

  /** What lies over the points, in the same frame as they. */
  function drawOverlays(): void {
    setAttribute(element, "data-depthviz-renderer", scatter?.renderer);
    if (!placed) return;
    thumbnails?.draw(rgb, selectionColor);
    trails?.draw(rgb, selectionColor);
  }

  function paintProbe(): void {
    store.parts;
    scatter?.setProbe(store.probe);
    setAttribute(element, "data-depthviz-probe", Number(store.probe.toFixed(3)));
  }

  function paintStates(): void {
    const { filters, selection, highlight, parts } = store;
    if (!placed || !parts.map) return;
    for (let i = 0; i < states.length; i++) {
      const shown = filters.isShown(i) ? SHOWN : 0;
      const selected = selection.has(i) ? SELECTED : 0;
      states[i] = shown | selected | (highlight === i ? HIGHLIGHTED : 0);
    }
    scatter?.setStates(states);
  }

  function paintCard(): void {
    const { highlight } = store;
    store.probe;
    context.tiles?.version;
    const at = highlight === null || !placed ? null : scatter?.screenPosition(highlight);
    card.show(at ? highlight : null, at ?? { x: 0, y: 0 });
  }

  function paintTheme(): void {
    context.theme();
    selectionColor = resolveColor(ground, "--dv-selection", "#111111");
    scatter?.setTheme({
      background: resolveColor(ground, "--dv-ground", "#ffffff"),
      dimmed: resolveColor(ground, "--dv-dimmed", "#c8ccd0"),
      selection: selectionColor,
    });
  }

  function paintHint(): void {
    const { map } = store.manifest;
    setText(hint, map ? "Loading the map …" : "This study has no map.");
    hint.hidden = placed;
    setAttribute(element, "data-depthviz-renderer", scatter?.renderer);
  }

  /** Once another color is chosen, trust colors no longer. */
  function leaveTrust(): void {
    if (!colorChanged(store.color) || !trusting.peek()) return;
    trusting.value = false;
    toolbar.showTrust(false);
  }

  paintOnChange(context, () => {
    place();
    paintHint();
  });
  paintOnChange(context, paintTheme);
  paintOnChange(context, leaveTrust);
  paintOnChange(context, paintColors);
  paintOnChange(context, paintProbe);
  paintOnChange(context, paintStates);
  paintOnChange(context, paintCard);
  if (context.tiles) {
    paintOnChange(context, () => {
      context.tiles?.version;
      untracked(drawOverlays);
    });
  }
  return { element, step: axis.step };
}

function scatterEvents(store: Store) {
  return {
    onPick(index: number | null, mode: PickMode) {
      if (index === null) {
        if (mode === "replace") store.select([], "replace");
        return;
      }
      if (mode === "replace") store.setSelectedOnly(false);
      store.select([index], mode);
      store.setFocus(index);
    },
    onLasso: (indices: Uint32Array, mode: PickMode) => store.selectRegion(indices, mode),
    onHover: (index: number | null) => store.setHighlight(index),
  };
}

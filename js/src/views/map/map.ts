/**
 * The map: every example a point, moved along the axis of probes, caught by click or lasso.
 *
 * Turns what the store says into the arrays a scatter draws, and what a scatter reports into words to the store.
 */
import { createScatter, HIGHLIGHTED, type PickMode, SELECTED, SHOWN } from "../../scatter";
import { type Store, VOTE_COLOR } from "../../store/store";
import { createCard } from "../parts/card";
import { h, setAttribute, setText } from "../parts/dom";
import { resolveColor } from "../parts/theme";
import { anyOf, type Change, type Stage, type View } from "../parts/view";
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

export function createMap(stage: Stage): MapView {
  const { store } = stage;
  const ground = h("div", { class: "ground" });
  const legend = h("div", { class: "legend", role: "group", "aria-label": "Legend" });
  const hint = h("p", { class: "empty" });
  const problem = h("p", { class: "map-note", role: "alert" });
  problem.hidden = true;
  const card = createCard(stage);
  const axis: ProbeAxis = createProbeAxis(stage);
  const scatter = store.manifest.map
    ? createScatter(ground, {
        ...scatterEvents(store),
        onTool: (tool) => toolbar.showTool(tool),
        onDrawn: () => drawOverlays(),
      })
    : null;
  const trails = scatter && createTrails(store, scatter);
  const thumbnails = scatter && stage.tiles && createThumbnails(store, scatter, stage.tiles);
  const toolbar = createMapTools(stage, scatter, {
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
  let encoded = "";
  let rgb: Uint8Array = new Uint8Array(0);
  let selectionColor = "#111111";
  let trusting = false;
  let places: PlaceTrust | null = null;

  stage.signal.addEventListener("abort", () => scatter?.dispose());
  scatter?.canvas.setAttribute("role", "img");
  scatter?.canvas.setAttribute("aria-label", CANVAS_LABEL);

  function place(): void {
    const { map } = store.parts;
    if (!scatter || !map || placed) return;
    placed = true;
    scatter.setPositions(map, store.manifest.probes.length, store.manifest.count);
    encoded = "";
  }

  function paintColors(): void {
    const trust = trusting ? places : null;
    const votes = store.color === VOTE_COLOR && store.parts.votes !== undefined;
    const probe = trust || votes ? Math.round(store.probe) : "";
    const key = `${stage.theme()} ${trust ? "trust" : store.color} ${probe}`;
    if (key === encoded) return;
    encoded = key;
    const theme = stage.theme();
    const found = trust ? encodeTrust(store, trust, theme) : encode(store, theme);
    rgb = found.rgb;
    if (placed) scatter?.setColors(found.rgb);
    if (placed) scatter?.setShapes(found.shapes);
    drawLegend(legend, found.legend);
  }

  function toggleTrust(): boolean {
    trusting = !trusting;
    if (trusting && !places) void fetchPlaces();
    paintColors();
    return trusting;
  }

  async function fetchPlaces(): Promise<void> {
    try {
      places = await loadPlaceTrust(store, stage.load);
    } catch (reason) {
      setText(problem, `Trust: ${reason instanceof Error ? reason.message : String(reason)}`);
      problem.hidden = false;
      trusting = false;
      toolbar.showTrust(false);
      return;
    }
    problem.hidden = true;
    if (!stage.signal.aborted) paintColors();
  }

  /** What lies over the points, in the same frame as they. */
  function drawOverlays(): void {
    if (!placed) return;
    thumbnails?.draw(rgb, selectionColor);
    trails?.draw(rgb, selectionColor);
  }

  function paintStates(): void {
    if (!placed) return;
    for (let i = 0; i < states.length; i++) states[i] = stateOf(store, i);
    scatter?.setStates(states);
  }

  function paintTheme(): void {
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
  }

  return {
    element,
    step: (by) => axis.step(by),
    update(changed: ReadonlySet<Change>) {
      const first = !placed;
      place();
      if (changed.has("theme")) paintTheme();
      if (changed.has("color") && trusting) {
        toggleTrust();
        toolbar.showTrust(false);
      }
      if (changed.has("groups") && store.color === "group") encoded = "";
      if (anyOf(changed, "theme", "color", "groups", "probe", "parts")) paintColors();
      if (anyOf(changed, "probe", "parts")) {
        scatter?.setProbe(store.probe);
        setAttribute(element, "data-depthviz-probe", Number(store.probe.toFixed(3)));
      }
      if ((first && placed) || anyOf(changed, "filters", "selection", "highlight", "parts"))
        paintStates();
      if (anyOf(changed, "highlight", "probe", "tiles")) {
        const at =
          store.highlight === null || !placed ? null : scatter?.screenPosition(store.highlight);
        card.show(at ? store.highlight : null, at ?? { x: 0, y: 0 });
      }
      setAttribute(element, "data-depthviz-renderer", scatter?.renderer);
      if (changed.has("tiles")) drawOverlays();
      toolbar.update(changed);
      axis.update(changed);
      paintHint();
    },
  };
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

function stateOf(store: Store, index: number): number {
  const shown = store.filters.isShown(index) ? SHOWN : 0;
  const selected = store.selection.has(index) ? SELECTED : 0;
  return shown | selected | (store.highlight === index ? HIGHLIGHTED : 0);
}

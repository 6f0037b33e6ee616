/**
 * The map: every example a point, moved along the axis of probes, caught by click or lasso.
 *
 * Turns what the store says into the arrays a scatter draws, and what a scatter reports into words to the store.
 */
import { createScatter, HIGHLIGHTED, type PickMode, SELECTED, SHOWN } from "../scatter";
import { type Store, VOTE_COLOR } from "../store/store";
import { createCard } from "./card";
import { h, setAttribute, setText } from "./dom";
import { encode } from "./encoding";
import { drawLegend } from "./legend";
import { createMapTools } from "./map_tools";
import { createProbeAxis, type ProbeAxis } from "./probe_axis";
import { anyOf, type Change, type Stage, type View } from "./stage";
import { resolveColor } from "./theme";

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
  const card = createCard(stage);
  const axis: ProbeAxis = createProbeAxis(stage);
  const scatter = store.manifest.map
    ? createScatter(ground, {
        ...scatterEvents(store),
        onTool: (tool) => toolbar.showTool(tool),
      })
    : null;
  const toolbar = createMapTools(stage, scatter);
  ground.append(card.element, hint);
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
    const votes = store.color === VOTE_COLOR && store.parts.votes ? Math.round(store.probe) : "";
    const key = `${stage.theme()} ${store.color} ${votes}`;
    if (key === encoded) return;
    encoded = key;
    const { rgb, shapes, legend: explained } = encode(store, stage.theme());
    if (placed) scatter?.setColors(rgb);
    if (placed) scatter?.setShapes(shapes);
    drawLegend(legend, explained);
  }

  function paintStates(): void {
    if (!placed) return;
    for (let i = 0; i < states.length; i++) states[i] = stateOf(store, i);
    scatter?.setStates(states);
  }

  function paintTheme(): void {
    scatter?.setTheme({
      background: resolveColor(ground, "--dv-ground", "#ffffff"),
      dimmed: resolveColor(ground, "--dv-dimmed", "#c8ccd0"),
      selection: resolveColor(ground, "--dv-selection", "#111111"),
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
      toolbar.update(changed);
      axis.update(changed);
      paintHint();
    },
    dispose() {
      axis.dispose?.();
      scatter?.dispose();
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

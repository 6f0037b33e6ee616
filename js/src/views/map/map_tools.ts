/**
 * The tools over the map: what a drag does, zoom, and the color of the points.
 */
import type { Scatter, Tool } from "../../scatter";
import { h, options, setAttribute } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { colorChoices } from "./encoding";

export interface MapTools extends View {
  /** Show a tool as chosen, however that came. */
  showTool(tool: Tool): void;
  /** Show whether trust colors the points, however that came. */
  showTrust(isOn: boolean): void;
}

/** What can be laid over the points; each toggle returns whether it is on now. */
export interface Overlays {
  readonly trails: () => boolean;
  /** Absent where the study does not know how far places can be trusted. */
  readonly trust?: (() => boolean) | undefined;
}

export function createMapTools(
  context: ViewContext,
  scatter: Scatter | null,
  overlays: Overlays,
): MapTools {
  const { signal } = context;
  const drag = createDragTools(scatter, signal);
  const zoom = h(
    "div",
    { class: "segments" },
    createZoomButton("−", "Zoom out", 1 / 1.5, scatter, signal),
    createZoomButton("+", "Zoom in", 1.5, scatter, signal),
  );
  const reset = createTool("reset-view", "Reset", "Show the whole map");
  const trails = createToggle("trails", "Trails", TRAILS_HELP, overlays.trails, signal);
  const trust =
    overlays.trust && createToggle("trust", "Trust", TRUST_HELP, overlays.trust, signal);
  const toggles = h("div", { class: "segments" }, trails, ...(trust ? [trust] : []));
  on(reset, "click", () => scatter?.resetView(), { signal });
  const left = h("div", { class: "tools" }, drag.element, zoom, reset, toggles);
  const element = h("div", { class: "head" }, left, createColorField(context));
  element.hidden = scatter === null;
  return {
    element,
    showTool: drag.show,
    showTrust(isOn) {
      if (trust) setAttribute(trust, "aria-pressed", String(isOn));
    },
  };
}

const TRAILS_HELP = "The way of the selected examples through all probes";
const TRUST_HELP = "Color places by how far they can be trusted";

const TOOLS: Readonly<Record<Tool, readonly [text: string, help: string]>> = {
  lasso: ["Lasso", "Draw round examples; Shift adds, Alt takes away (L)"],
  box: ["Box", "Drag a box over examples; Shift adds, Alt takes away (R)"],
  pan: ["Pan", "Move the map (P)"],
};

/** What a drag on the map does: one of three, the lasso at first. */
function createDragTools(scatter: Scatter | null, signal: AbortSignal) {
  const tools = Object.keys(TOOLS) as Tool[];
  const buttons = tools.map((tool) => createTool(tool, ...TOOLS[tool]));
  const show = (chosen: Tool) =>
    buttons.forEach((button, i) => {
      setAttribute(button, "aria-pressed", String(tools[i] === chosen));
    });
  const choose = (tool: Tool) => {
    scatter?.setTool(tool);
    show(tool);
  };
  buttons.forEach((button, i) => {
    on(button, "click", () => choose(tools[i] as Tool), { signal });
  });
  choose("lasso");
  return { element: h("div", { class: "segments" }, ...buttons), show };
}

function createColorField(context: ViewContext): HTMLElement {
  const { store, signal } = context;
  const color = h("select", { "data-depthviz-control": "color" }, ...options(colorChoices(store)));
  on(color, "change", () => store.setColor(color.value), { signal });
  paintOnChange(context, () => {
    color.value = store.color;
  });
  return h("label", { class: "field" }, "Color", color);
}

function createZoomButton(
  text: string,
  name: string,
  factor: number,
  scatter: Scatter | null,
  signal: AbortSignal,
): HTMLButtonElement {
  const names = { "aria-label": name, title: name };
  const button = h("button", { type: "button", class: "tool", ...names }, text);
  on(button, "click", () => scatter?.zoomBy(factor), { signal });
  return button;
}

/** A tool that is on or off; `toggle` returns whether it is on now. */
function createToggle(
  name: string,
  text: string,
  title: string,
  toggle: () => boolean,
  signal: AbortSignal,
): HTMLButtonElement {
  const button = createTool(name, text, title);
  setAttribute(button, "aria-pressed", "false");
  on(button, "click", () => setAttribute(button, "aria-pressed", String(toggle())), { signal });
  return button;
}

function createTool(name: string, text: string, title: string): HTMLButtonElement {
  const attributes = { type: "button", class: "tool", "data-depthviz-control": name, title };
  return h("button", attributes, text);
}

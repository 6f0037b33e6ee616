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
  showTrust(on: boolean): void;
}

/** What can be laid over the points; each toggle tells whether it is on. */
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
  const { store, signal } = context;
  const color = h("select", { "data-depthviz-control": "color" }, ...options(colorChoices(store)));
  const tools = (["lasso", "box", "pan"] as const).map((tool) => toolButton(tool));
  const zoom = h(
    "div",
    { class: "segments" },
    button("−", "Zoom out", 1 / 1.5),
    button("+", "Zoom in", 1.5),
  );
  const reset = h(
    "button",
    {
      type: "button",
      class: "tool",
      "data-depthviz-control": "reset-view",
      title: "Show the whole map",
    },
    "Reset",
  );

  function button(text: string, name: string, factor: number): HTMLButtonElement {
    const element = h(
      "button",
      { type: "button", class: "tool", "aria-label": name, title: name },
      text,
    );
    on(element, "click", () => scatter?.zoomBy(factor), { signal });
    return element;
  }

  function toggle(name: string, text: string, title: string, act: () => boolean) {
    const hooks = { "data-depthviz-control": name, "aria-pressed": "false", title };
    const element = h("button", { type: "button", class: "tool", ...hooks }, text);
    const press = () => setAttribute(element, "aria-pressed", String(act()));
    on(element, "click", press, { signal });
    return element;
  }

  function choose(tool: Tool): void {
    scatter?.setTool(tool);
    showTool(tool);
  }

  function showTool(tool: Tool): void {
    for (const element of tools) {
      setAttribute(element, "aria-pressed", String(element.dataset.depthvizControl === tool));
    }
  }

  for (const element of tools) {
    const tool = element.dataset.depthvizControl as Tool;
    on(element, "click", () => choose(tool), { signal });
  }
  on(reset, "click", () => scatter?.resetView(), { signal });
  on(color, "change", () => store.setColor(color.value), { signal });
  choose("lasso");

  const toggles = [
    toggle(
      "trails",
      "Trails",
      "The way of the selected examples through all probes",
      overlays.trails,
    ),
    ...(overlays.trust
      ? [toggle("trust", "Trust", "Color places by how far they can be trusted", overlays.trust)]
      : []),
  ];
  const segments = h("div", { class: "segments" }, ...tools);
  const more = h("div", { class: "segments" }, ...toggles);
  const left = h("div", { class: "tools" }, segments, zoom, reset, more);
  const element = h("div", { class: "head" }, left, h("label", { class: "field" }, "Color", color));
  element.hidden = scatter === null;
  paintOnChange(context, () => {
    color.value = store.color;
  });
  return {
    element,
    showTool,
    showTrust(on) {
      for (const element of toggles) {
        if (element.dataset.depthvizControl !== "trust") continue;
        setAttribute(element, "aria-pressed", String(on));
      }
    },
  };
}

const TOOLS: Readonly<Record<Tool, readonly [text: string, help: string]>> = {
  lasso: ["Lasso", "Draw round examples; Shift adds, Alt takes away (L)"],
  box: ["Box", "Drag a box over examples; Shift adds, Alt takes away (R)"],
  pan: ["Pan", "Move the map (P)"],
};

function toolButton(tool: Tool): HTMLButtonElement {
  const [text, title] = TOOLS[tool];
  const hooks = { "data-depthviz-control": tool, title };
  return h("button", { type: "button", class: "tool", ...hooks }, text);
}

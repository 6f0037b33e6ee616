/**
 * The tools over the map: what a drag does, zoom, and the color of the points.
 */
import type { Scatter, Tool } from "../../scatter";
import { formatCount } from "../../store/columns";
import { VOTE_COLOR } from "../../store/look";
import type { Computed } from "../../store/reactive";
import type { Store } from "../../store/store";
import { columnOptions } from "../parts/column_options";
import { h, setAttribute, setText } from "../parts/dom";
import { type IconName, icon } from "../parts/icons";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { createAxesChoice } from "./columns/axes_choice";
import type { ColumnPlaces } from "./columns/places";
import { explainTrust, trustText } from "./trust";

export interface MapTools extends View {
  /** Show a tool as chosen, however that came. */
  showTool(tool: Tool): void;
  /** Show whether trust colors the points, however that came. */
  showTrust(isOn: boolean): void;
  /** What stands below the map: its color, what that means, what lies over it. */
  foot(legend: HTMLElement): HTMLElement;
}

/** What places the points and can be laid over them; each toggle returns whether it is on now. */
export interface Overlays {
  readonly places: Computed<ColumnPlaces | null>;
  readonly trails: () => boolean;
  /** Absent where the study does not know how far places can be trusted. */
  readonly trust?: (() => boolean) | undefined;
}

export function createMapTools(
  context: ViewContext,
  scatter: Scatter,
  overlays: Overlays,
): MapTools {
  const { store, signal } = context;
  const drag = createDragTools(scatter, signal);
  const zoomOut = createSignTool("zoom-out", "minus", "Zoom out");
  const zoomIn = createSignTool("zoom-in", "plus", "Zoom in");
  const reset = createSignTool("reset-view", "fit", "Show the whole map (0)");
  const trails = createToggle("trails", "Trails", TRAILS_HELP, overlays.trails, signal);
  const trust =
    overlays.trust && createToggle("trust", "Trust", TRUST_HELP, overlays.trust, signal);
  const toggles = h("div", { class: "segments" }, trails, ...(trust ? [trust] : []));
  on(zoomOut, "click", () => scatter.zoomBy(1 / 1.5), signal);
  on(zoomIn, "click", () => scatter.zoomBy(1.5), signal);
  on(reset, "click", () => scatter.resetView(), signal);
  const tools = h("div", { class: "tools" }, drag.element, zoomOut, zoomIn, reset);
  const { places } = overlays;
  const name = createPlaceName(context, places);
  const element = h("div", { class: "head" }, name, createAxesChoice(context, places), tools);
  const color = createColorField(context);
  const foot = h("div", { class: "map-foot" }, color);
  paintOnChange(context, () => {
    const { axes, manifest } = store;
    tools.hidden = foot.hidden = !manifest.map && !axes;
    toggles.hidden = axes !== null;
  });
  return {
    element,
    foot(legend) {
      foot.append(legend, toggles);
      return foot;
    },
    showTool: drag.show,
    showTrust(isOn) {
      if (trust) setAttribute(trust, "aria-pressed", String(isOn));
    },
  };
}

const TRAILS_HELP = "The way of the selected examples through all probes";
const TRUST_HELP = "Color places by how far they can be trusted";

const TOOLS: Readonly<Record<Exclude<Tool, "none">, readonly [sign: IconName, help: string]>> = {
  lasso: ["lasso", "Draw round examples; Shift adds, Alt takes away (L)"],
  box: ["box", "Drag a box over examples; Shift adds, Alt takes away (R)"],
  pan: ["pan", "Move the map (P)"],
};

/** What a drag on the map does: one of three, the lasso at first. A finger lets go of the chosen one, and then scrolls the page. */
function createDragTools(scatter: Scatter, signal: AbortSignal) {
  const tools = Object.keys(TOOLS) as (keyof typeof TOOLS)[];
  const buttons = tools.map((tool) => createSignTool(tool, ...TOOLS[tool]));
  let current: Tool;
  const show = (chosen: Tool) => {
    current = chosen;
    buttons.forEach((button, i) => {
      setAttribute(button, "aria-pressed", String(tools[i] === chosen));
    });
  };
  const choose = (tool: Tool) => {
    scatter.setTool(tool);
    show(tool);
  };
  buttons.forEach((button, i) => {
    const tool = tools[i] as Tool;
    const press = ({ pointerType }: Partial<PointerEvent>) =>
      choose(pointerType === "touch" && tool === current ? "none" : tool);
    on(button, "click", press, signal);
  });
  choose("lasso");
  return { element: h("div", { class: "segments" }, ...buttons), show };
}

function createColorField(context: ViewContext): HTMLElement {
  const { store, signal } = context;
  const color = h("select", { control: "color" }, ...colorOptions(store));
  on(color, "change", () => store.setColor(color.value), signal);
  paintOnChange(context, () => {
    color.value = store.color;
    setAttribute(color, "title", color.selectedOptions[0]?.title);
  });
  return h("label", { class: "field" }, "Color", color);
}

function colorOptions({ columns, manifest }: Store): HTMLOptGroupElement[] {
  const possible = [...columns.values()].filter(({ type }) => type !== "text");
  const vote = [VOTE_COLOR, "Vote at this probe"] as const;
  return columnOptions(possible, "votes" in manifest.chunks ? [vote] : []);
}

/** At which probe the map is, and in a word how far it can be trusted; by columns, how many have no place. The rest on demand. */
function createPlaceName(context: ViewContext, places: Computed<ColumnPlaces | null>): HTMLElement {
  const { store } = context;
  const { probes, map } = store.manifest;
  const name = h("h3", { class: "probe-name" });
  const trust = h("span", { class: "kept", "data-depthviz-trust": "" });
  paintOnChange(context, () => {
    const columns = places.value;
    const nearest = Math.round(store.probe);
    const { short, long } = columns ? missingText(columns) : trustText(store, nearest);
    name.hidden = columns !== null;
    setText(name, (map ? probes[nearest] : "This study has no map.") ?? "");
    setAttribute(name, "title", probes[nearest]);
    setText(trust, short);
    const more = columns ? "" : explainTrust(store);
    setAttribute(trust, "title", [long, more].filter(Boolean).join("\n"));
  });
  return h("div", { class: "place-name" }, name, trust);
}

function missingText({ missing, rulers: [x, y] }: ColumnPlaces) {
  const short = missing > 0 ? `${formatCount(missing)} not placed` : "";
  return { short, long: `They have no value of ${x.title} or of ${y.title}.` };
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
  on(button, "click", () => setAttribute(button, "aria-pressed", String(toggle())), signal);
  return button;
}

function createTool(name: string, text: string, title: string): HTMLButtonElement {
  const attributes = { class: "tool", control: name, title };
  return h("button", attributes, text);
}

/** A tool that shows a sign in place of words. */
function createSignTool(name: string, sign: IconName, title: string): HTMLButtonElement {
  const attributes = { class: "icon", control: name, title };
  return h("button", { ...attributes, "aria-label": title }, icon(sign));
}

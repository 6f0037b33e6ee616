/**
 * How views share the space of their root: all of them in an Explorer, or one by itself in a cell of its own.
 */
import type { Store } from "../../store/store";
import { createGrid } from "../grid/grid";
import { createGroups } from "../groups/groups";
import { createHistogram, createOneHistogram } from "../histograms/histogram";
import { createInspector } from "../inspector/inspector";
import { createMap } from "../map/map";
import { h, setAttribute } from "../parts/dom";
import type { View, ViewContext } from "../parts/view";
import { createAnnouncer } from "./announcer";
import { createBar } from "./bar";
import { createBarTools } from "./bar_tools";
import { createFacts } from "./facts";

/** What is to be shown, and the options of that view alone. */
export interface ViewRequest {
  readonly view: "explorer" | "grid" | "map" | "groups" | "histogram" | "inspector";
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Arrangement {
  /** Elements over the body. */
  readonly above: readonly HTMLElement[];
  readonly body: HTMLElement;
  /** Elements under the body. */
  readonly below: readonly HTMLElement[];
  /** Go by probes, gliding where there is an axis to see it on. */
  step(by: number): void;
  /** Fit the space there is. */
  layOut(root: HTMLElement): void;
}

/** `help` shows the list of keys. */
export function arrange(context: ViewContext, request: ViewRequest, help: () => void): Arrangement {
  return request.view === "explorer" ? arrangeAll(context, help) : arrangeOne(context, request);
}

function arrangeAll(context: ViewContext, help: () => void): Arrangement {
  const announcer = createAnnouncer(context);
  const bar = createBar(context);
  const barTools = createBarTools(context, help);
  const groups = createGroups(context);
  const histogram = createHistogram(context);
  const map = createMap(context);
  const grid = createGrid(context);
  const inspector = createInspector(context);
  bar.element.append(barTools.element);
  const side = h("aside", { class: "side", "aria-label": "Filters" });
  side.append(histogram.element, groups.element, createFacts(context.store.manifest.facts));
  const body = h("div", { class: "body" }, side, map.element, grid.element, inspector.element);
  return {
    above: [bar.element],
    body,
    below: [announcer.element],
    step: map.step,
    /** Filters come first, but below all else where there is one column: the order of Tab is the order seen. */
    layOut(root) {
      const layout = layoutFor(root.clientWidth);
      if (root.getAttribute("data-layout") === layout) return;
      root.setAttribute("data-layout", layout);
      if (layout === "narrow") body.append(side);
      else body.prepend(side);
    },
  };
}

function arrangeOne(context: ViewContext, request: ViewRequest): Arrangement {
  // What is filtered in another cell must be seen here too, and be let go.
  const bar = createBar(context);
  const map = request.view === "map" ? createMap(context) : null;
  const view = map ?? createOne(context, request);
  return {
    above: [bar.element],
    body: h("div", { class: "body" }, view.element),
    below: [],
    step: map?.step ?? ((by) => stepOf(context.store, by)),
    layOut: layOutOne,
  };
}

function createOne(context: ViewContext, { view, options }: ViewRequest): View {
  if (view === "grid") return createGrid(context);
  if (view === "inspector") return createInspector(context);
  if (view === "histogram") return createOneHistogram(context, String(options.column ?? "depth"));
  const groups = createGroups(context);
  groups.element.classList.add("side");
  return groups;
}

function stepOf(store: Store, by: number): void {
  store.setProbe(by > 0 ? Math.floor(store.probe + 1) : Math.ceil(store.probe - 1));
}

/** Told to the styles by attributes: a container query would leave a view no width in a box that fits its content. */
function layOutOne(root: HTMLElement): void {
  const { clientWidth, clientHeight } = root;
  setAttribute(root, "data-layout", "single");
  setAttribute(root, "data-narrow", clientWidth < 380 ? "very" : clientWidth < 440);
  setAttribute(root, "data-low", clientHeight < 520);
}

function layoutFor(width: number): string {
  if (width >= 1240) return "wide";
  return width >= 700 ? "medium" : "narrow";
}

/**
 * How views share the space of their root: all of them in an Explorer, or one by itself in a cell of its own.
 */
import { signal } from "../../store/reactive";
import type { Store } from "../../store/store";
import { createAnnotating } from "../annotate";
import { createFindings } from "../findings/findings";
import { createPanel } from "../frame/panel";
import { createRail } from "../frame/rail";
import { createSelectionBar } from "../frame/selection_bar";
import { createSplitter } from "../frame/splitter";
import { createViewsBar } from "../frame/views_bar";
import { createGrid } from "../grid/grid";
import { createGroups } from "../groups/groups";
import { createHistogram, createOneHistogram } from "../histograms/histogram";
import { createInspector } from "../inspector/inspector";
import { createMap } from "../map/map";
import { h, setAttribute } from "../parts/dom";
import { on } from "../parts/interaction";
import { drawnWhile, paintOnChange, type View, type ViewContext } from "../parts/view";
import { createAnnouncer } from "./announcer";
import { createBar } from "./bar";
import { createFacts } from "./facts";
import { createHeader } from "./header";
import { saveTable } from "./menus/export_menu";

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
  /** Put the keyboard where filters are; false where there are none. */
  filter?(): void;
  /** The panel of the example wider, and narrower again. */
  widen?(): void;
  /** What annotating says to a key, before anything else does. */
  press?(event: KeyboardEvent): boolean;
  /** Fit the space there is. */
  layOut(root: HTMLElement): void;
}

/** `help` shows the list of keys. */
export function arrange(context: ViewContext, request: ViewRequest, help: () => void): Arrangement {
  return request.view === "explorer" ? arrangeAll(context, help) : arrangeOne(context, request);
}

function arrangeAll(context: ViewContext, help: () => void): Arrangement {
  const { store } = context;
  const announcer = createAnnouncer(context);
  const bar = createHeader(context, help);
  const findings = createFindings(context);
  const narrow = signal(false);
  const filtering = drawnWhile(context, () => narrow.value || store.frame.rail);
  const rail = createRail(context, [
    createGroups(filtering).element,
    createHistogram(filtering).element,
    createFacts(store.manifest.facts),
  ]);
  const map = createMap(context);
  // A review shows the example while its panel is closed.
  const lent = ANNOTATING && context.desk !== undefined;
  const focusing = drawnWhile(context, () => lent || store.frame.panel !== "closed");
  const panel = createPanel(context, createInspector(focusing).element);
  const within = h("div", { class: "stage-body" });
  const selection = createSelectionBar(context, () => saveTable(store));
  within.append(
    createGrid(context).element,
    createSplitter(context, within).element,
    ...[map.element, selection.element, map.axis],
  );
  paintOnChange(context, () => {
    setAttribute(within, "data-mapless", store.manifest.map === null && !store.axes);
  });
  const stage = h("div", { class: "stage" }, within);
  const body = h("div", { class: "body" }, rail.element, stage, panel.element);
  // A phone gives its first view to the findings, and all later ones to the examples.
  const shrink = () => body.closest('[data-layout="narrow"]') && findings.shrink();
  on(body, "scroll", shrink, { signal: context.signal, capture: true, passive: true });
  const views = createViewsBar(context, (view, byHand) => {
    setAttribute(body, "data-show", view);
    if (byHand) findings.shrink();
  });
  return {
    above: [bar.element, findings.element],
    body,
    below: [views.element, announcer.element],
    step: map.step,
    filter: rail.open,
    widen: panel.widen,
    ...(ANNOTATING && annotate(context, body, bar.element, selection.element)),
    layOut(root) {
      const { clientWidth, clientHeight } = root;
      const layout = layoutFor(clientWidth);
      narrow.value = layout === "narrow";
      setAttribute(root, "data-layout", layout);
      if (clientHeight < LOW) findings.shrink();
    },
  };
}

/** Put what annotating needs into the parts of an Explorer; gives what it does with keys. */
function annotate(
  context: ViewContext,
  body: HTMLElement,
  bar: HTMLElement,
  selection: HTMLElement,
): Pick<Arrangement, "press"> {
  const { desk } = context;
  if (!desk) return {};
  const { element, tools, actions, press } = createAnnotating({ ...context, desk });
  body.append(element);
  bar.querySelector(".bar-tools")?.before(tools);
  selection.querySelector(".apart")?.before(actions);
  return { press };
}

/** Where there is less height the findings would leave nothing for the stage. */
const LOW = 560;

function arrangeOne(context: ViewContext, request: ViewRequest): Arrangement {
  // What is filtered in another cell must be seen here too, and be let go.
  const bar = createBar(context);
  const map = request.view === "map" ? createMap(context) : null;
  const view = map ?? createOne(context, request);
  if (map) map.element.append(map.axis);
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

/** Room for all three side by side, for two of them, for one view at a time. */
function layoutFor(width: number): string {
  if (width >= 1400) return "wide";
  return width >= 900 ? "medium" : "narrow";
}

/**
 * The rail of small histograms, which opens to the panel of filters.
 *
 * A histogram in the rail counts under all other filters, as in the panel; a bar at its side says that it filters. A click opens
 * the panel where that column is; one on the bar of a class keeps the class.
 */
import { formatCount } from "../../store/columns";
import { DEPTHS, twoDepths } from "../../store/depths";
import { hasTwoDepths } from "../../store/lookups";
import type { Store } from "../../store/store";
import { boxOf, closest, giveFocus, h, hasFocus, setAttribute, setText } from "../parts/dom";
import { iconButton } from "../parts/icons";
import { on } from "../parts/interaction";
import { roveTabindex } from "../parts/roving_tabindex";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { createRailBars } from "./rail_bars";

export interface Rail extends View {
  /** Open the panel, and put the keyboard into it. */
  open(): void;
}

/** `content` are the filters themselves. */
export function createRail(context: ViewContext, content: readonly HTMLElement[]): Rail {
  const { store, signal } = context;
  const list = h("div", { class: "rail-list", role: "toolbar", "aria-label": "Filters" });
  setAttribute(list, "aria-orientation", "vertical");
  const add = h(
    "button",
    { class: "rail-item", control: "filters" },
    h("span", { class: "rail-plus", "aria-hidden": "true" }, "+"),
    h("span", { class: "rail-name" }, "All filters"),
  );
  const passing = h("h3");
  const close = iconButton("close-filters", "close", "Close the filters");
  const inner = h("div", { class: "filters-body" }, ...content);
  const head = h("div", { class: "head" }, passing, close);
  const filters = h("div", { class: "filters" }, head, inner);
  const element = h("aside", { class: "side", "aria-label": "Filters" }, list, filters);
  const tabindex = roveTabindex(list, signal);
  let known = "";

  function open(name?: string): void {
    const column = store.columns.get(name ?? "");
    if (column?.type === "number" && !DEPTHS.includes(column.info.name))
      store.openHistogram(column.info.name);
    store.setFrame({ rail: true });
    reveal(inner, name);
  }

  /** The histograms of the rail are those that most studies are asked by, and whatever filters or was added. */
  function paintList(): void {
    const names = railColumns(store);
    if (names.join("\n") === known) return;
    known = names.join("\n");
    const had = hasFocus(list);
    const items = names.map((name) => createItem(store, name));
    list.replaceChildren(...items.map((item) => item.element), add);
    for (const item of items) item.paint();
    tabindex.refresh();
    if (had) list.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    shown = items;
  }

  let shown: readonly Item[] = [];
  const act = (event: Event) => {
    const bar = closest(event, "[data-depthviz-class]");
    if (bar) return store.toggleFilter("label", Number(bar.dataset.depthvizClass));
    const item = closest(event, "[data-depthviz-rail], [data-depthviz-control=filters]");
    if (item) open(item.dataset.depthvizRail);
  };
  on(list, "click", act, signal);
  on(close, "click", () => store.setFrame({ rail: false }), signal);
  paintOnChange(context, () => {
    paintList();
    for (const item of shown) item.paint();
    const all = formatCount(store.manifest.count);
    setText(passing, `${formatCount(store.filters.shownCount)} of ${all} pass`);
  });
  paintOnChange(context, () => {
    const { rail } = store.frame;
    if (!rail && hasFocus(filters)) element.closest<HTMLElement>(".depthviz")?.focus();
    setAttribute(element, "data-open", rail);
  });
  return {
    element,
    open() {
      open();
    },
  };
}

/** The rail has room for two words. */
const SHORT: Readonly<Record<string, string>> = {
  suspicion: "Suspicion",
  depth: "Depth",
  train_depth: "Depth, trained on",
  train_label_depth: "Label's depth, trained on",
  validation_depth: "Depth, held out",
};

interface Item extends View {
  paint(): void;
}

function createItem(store: Store, name: string): Item {
  const { title = name } = store.columns.get(name)?.info ?? {};
  const bars = createRailBars(store, name);
  const element = h(
    "button",
    { class: "rail-item", title, "data-depthviz-rail": name },
    bars.element,
    h("span", { class: "rail-name" }, SHORT[name] ?? title.replace(/, member \d+$/, "")),
  );
  return {
    element,
    paint() {
      bars.paint();
      setAttribute(element, "data-filtered", store.filters.get(name) !== undefined);
    },
  };
}

/** A column of texts has no histogram, and one without any value has no bar. */
function hasBars(store: Store, name: string): boolean {
  const column = store.columns.get(name);
  return column?.type === "code" || (column?.type === "number" && store.bins(name)?.bins !== 0);
}

const MOST = 9;

function railColumns(store: Store): string[] {
  const depths = hasTwoDepths(store) ? twoDepths(store.columns) : ["depth"];
  const usual = ["group", "label", "suspicion", ...depths, "confidence"];
  const wanted = [...store.filters.names, ...usual, ...store.histograms];
  const names = [...new Set([...usual, ...store.histograms, ...store.filters.names])];
  const kept = new Set([...new Set(wanted)].slice(0, MOST));
  return names.filter((name) => kept.has(name) && hasBars(store, name));
}

/** Scroll to the filter of a column and put the keyboard there, once it is drawn, where nobody has taken it elsewhere until then. */
function reveal(filters: HTMLElement, name: string | undefined): void {
  const root = filters.getRootNode() as Document | ShadowRoot;
  const before = root.activeElement;
  requestAnimationFrame(() => {
    const key = name === undefined ? "" : CSS.escape(name);
    const target =
      name === undefined
        ? filters
        : filters.querySelector<HTMLElement>(
            `[data-depthviz-filter="${key}"], [data-depthviz-histogram="${key}"], [data-depthviz-column="${key}"]`,
          );
    if (target && target !== filters) scrollTo(filters, target);
    const stop = 'button[tabindex="0"], [role="slider"], input, select, button';
    const now = root.activeElement;
    if (now !== before && now?.closest(".depthviz")) return;
    giveFocus(target?.querySelector<HTMLElement>(stop));
  });
}

/** Within the filters alone: the page stays where it is. */
function scrollTo(filters: HTMLElement, target: HTMLElement): void {
  const panel = target.closest<HTMLElement>(".panel") ?? target;
  filters.scrollTop += boxOf(panel).top - boxOf(filters).top;
}

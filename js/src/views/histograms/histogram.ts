/**
 * Histograms: that of depth, and those of any other column that a person adds. A column of texts has a search in its place.
 */
import type { Column } from "../../store/columns";
import type { Store } from "../../store/store";
import { columnHelp } from "../parts/column_options";
import { giveFocus, h, keepFocus, options } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { createCategoryBars } from "./category_bars";
import { createDepthBars } from "./depth_bars";
import { createNumberHistogram } from "./number_histogram";
import { createTextSearch } from "./text_search";

interface Opened {
  readonly view: View;
  readonly ending: AbortController;
}

export function createHistogram(context: ViewContext): View {
  const { store, signal } = context;
  const depth = createDepthBars(context);
  const list = h("div", { class: "histograms" });
  const opened = new Map<string, Opened>();
  const add = createAdd(context);
  const element = h("div", { "data-depthviz-view": "histogram" }, depth.element, list, add.element);
  const { measurable } = store.manifest;
  if (measurable.length > 0) element.append(moreInPython(measurable));

  on(
    list,
    "click",
    ({ target }) => {
      const button =
        target instanceof Element ? target.closest("[data-depthviz-control=remove]") : null;
      const panel = button?.closest<HTMLElement>("[data-depthviz-histogram]");
      if (!panel) return;
      add.focus();
      store.closeHistogram(panel.dataset.depthvizHistogram ?? "");
    },
    signal,
  );

  /** Keep those that stay, with their focus; end the rest. */
  function arrange(): void {
    for (const [name, { view, ending }] of opened) {
      if (store.histograms.includes(name)) continue;
      ending.abort();
      if (view.element.matches(":focus-within")) keepFocus(view.element);
      view.element.remove();
      opened.delete(name);
    }
    for (const name of store.histograms) {
      if (opened.has(name)) continue;
      const one = open(context, name);
      opened.set(name, one);
      list.append(one.view.element);
    }
    add.paint();
  }

  on(signal, "abort", () => {
    for (const { ending } of opened.values()) ending.abort();
  });
  paintOnChange(context, arrange);
  return { element };
}

/** What else could be measured, and the line that does. */
function moreInPython(names: readonly string[]): HTMLElement {
  const line = `study = study.add(${names.map((name) => `"${name}"`).join(", ")})`;
  return h("p", { class: "hint measurable" }, "Python can add more: ", h("code", {}, line));
}

/** The histogram of one column alone, for a cell of its own. */
export function createOneHistogram(context: ViewContext, name: string): View {
  const column = context.store.columns.get(name);
  const known = column !== undefined;
  const view = known && name !== "depth" ? viewOf(context, column) : createDepthBars(context);
  const element = h("div", { "data-depthviz-view": "histogram", class: "side" });
  if (known && name !== "depth") {
    const { title } = column.info;
    const heading = h("h3", { title: columnHelp(column.info) }, title);
    element.append(h("section", { class: "panel added" }, heading, view.element));
  } else element.append(view.element);
  return { element };
}

function open(context: ViewContext, name: string): Opened {
  const ending = new AbortController();
  const column = context.store.columns.get(name) as Column;
  const { title } = column.info;
  const view = viewOf({ ...context, signal: ending.signal }, column);
  const remove = h(
    "button",
    {
      class: "remove",
      title: "Remove this panel and its filter",
      "aria-label": `Remove ${title}`,
      control: "remove",
    },
    "×",
  );
  const heading = h(
    "h3",
    { title: columnHelp(column.info) },
    h("span", { class: "name" }, title),
    remove,
  );
  const element = h(
    "section",
    {
      class: "panel added",
      role: "group",
      "aria-label": title,
      "data-depthviz-histogram": name,
    },
    heading,
    view.element,
  );
  return { ending, view: { element } };
}

function viewOf(context: ViewContext, column: Column): View {
  if (column.type === "code") return createCategoryBars(context, column);
  return column.type === "text"
    ? createTextSearch(context, column)
    : createNumberHistogram(context, column);
}

/** A choice by pointer opens at once; by keys the arrows only browse, and Enter opens. */
function createAdd({ store, signal }: ViewContext) {
  const select = h("select", {
    "aria-label": "Add histogram",
    title: "Add the histogram of a column; by keyboard, Enter adds the chosen one",
    control: "add-histogram",
  });
  let browsing = false;
  const choose = () => {
    if (select.value !== "") store.openHistogram(select.value);
  };
  on(select, "pointerdown", () => (browsing = false), signal);
  on(
    select,
    "keydown",
    (event) => {
      browsing = event.key.startsWith("Arrow") && !event.altKey;
      if (event.key !== "Enter" || select.value === "") return;
      event.preventDefault();
      choose();
    },
    signal,
  );
  on(select, "change", () => !browsing && choose(), signal);
  const element = h("div", { class: "add" }, select);
  return {
    element,
    focus: () => giveFocus(select),
    paint() {
      const choices = choicesOf(store);
      element.hidden = choices.length === 0;
      select.replaceChildren(...options([["", "Add histogram …"], ...choices]));
    },
  };
}

function choicesOf(store: Store): (readonly [string, string])[] {
  return [...store.columns.values()]
    .filter(({ info: { name } }) => !store.histograms.includes(name) && store.filterables.has(name))
    .map(({ info }) => [info.name, info.title] as const);
}

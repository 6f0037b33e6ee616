/**
 * The depth histogram: one bar a depth, named by the probe from which on every vote is the prediction.
 *
 * A click keeps or lets go one depth, a drag keeps a range. Depth P says that even the last probe disagrees; its bar stands apart.
 * The bars count under all other filters, on the pale ground of all examples. Of many networks there are two side by side, of the
 * mean depths when trained on and when held out; a bar then holds the means from its depth to below the next.
 */
import { hasTwoDepths, type Store, TWO_DEPTHS } from "../store/store";
import { closest, formatCount, h, setAttribute, setText } from "./dom";
import { rove } from "./rove";
import type { Stage, View } from "./stage";

interface Bar {
  readonly button: HTMLButtonElement;
  readonly fill: HTMLElement;
  readonly count: HTMLElement;
}

export function createHistogram(stage: Stage): View {
  const { store } = stage;
  const names = hasTwoDepths(store) ? TWO_DEPTHS : ["depth"];
  const all = names.map((name) => totals(store, name));
  const most = Math.max(1, ...all.flat());
  const lists = names.map((name, i) => createBars(stage, name, all[i] ?? [], most));
  const element = h("section", { class: "panel", "data-depthviz-view": "histogram" });
  const decided = h(
    "span",
    { class: "aside" },
    lists.length > 1 ? "mean over members" : "decided from …",
  );
  element.append(h("h3", {}, "Depth ", decided));
  if (lists.length > 1) {
    const titles = ["trained on", "held out"].map((title) => h("span", { class: "aside" }, title));
    element.append(h("div", { class: "pair" }, ...titles, ...lists.map((list) => list.element)));
  } else element.append(...lists.map((list) => list.element));
  return {
    element,
    update(changed) {
      if (changed.has("filters")) for (const list of lists) list.update(changed);
    },
  };
}

function createBars({ store, signal }: Stage, name: string, all: number[], most: number): View {
  const title = store.columns.get(name)?.info.title ?? "Depth";
  const bars = all.map((total, depth) => createBar(store, name, depth, barWidth(total, most)));
  const list = h(
    "div",
    {
      class: "bars",
      role: "toolbar",
      "aria-label": title,
      "aria-orientation": "vertical",
      "data-depthviz-column": name,
    },
    ...bars.map((bar) => bar.button),
  );
  setAttribute(list, "data-dense", bars.length > 24);
  rove(list, signal);
  brush(list, store, name, signal);
  return {
    element: list,
    update() {
      const counts = store.filters.counts(name);
      const kept = new Set(store.filters.kept(name));
      setAttribute(list, "data-filtered", kept.size > 0);
      bars.forEach(({ button, fill, count }, depth) => {
        const examples = counts[depth] ?? 0;
        fill.style.width = barWidth(examples, most);
        setText(count, formatCount(examples));
        setAttribute(button, "aria-pressed", String(kept.has(depth)));
      });
    },
  };
}

/** Counts over all examples, whatever is filtered now. */
function totals(store: Store, name: string): number[] {
  const column = store.columns.get(name);
  const counts = new Array<number>(store.manifest.probes.length + 1).fill(0);
  if (column?.type !== "number") return counts;
  for (const value of column.values) {
    const depth = Math.floor(value);
    if (depth in counts) counts[depth] = (counts[depth] ?? 0) + 1;
  }
  return counts;
}

function createBar(store: Store, column: string, depth: number, width: string): Bar {
  const undecided = depth === store.manifest.probes.length;
  const name = undecided ? "undecided" : (store.manifest.probes[depth] ?? "");
  const fill = h("span", { class: "fill" });
  const ground = h("span", { class: "ground" });
  const count = h("span", { class: "count" });
  ground.style.width = width;
  const button = h(
    "button",
    {
      type: "button",
      class: undecided ? "depth-bar apart" : "depth-bar",
      title: barTitle(column, depth, undecided ? "" : name),
      "data-depthviz-bar": depth,
      "data-depthviz-depth": column === TWO_DEPTHS[1] ? undefined : depth,
    },
    h("span", { class: "track" }, ground, fill),
    h("span", { class: "number" }, String(depth)),
    h("span", { class: "name" }, name),
    count,
  );
  return { button, fill, count };
}

/** A name only where there is a probe: beyond the last one nothing is decided. */
function barTitle(column: string, depth: number, name: string): string {
  const mean = column !== "depth";
  if (name === "") {
    const who = mean ? " in every member" : "";
    return `depth ${depth}: even the last probe disagrees${who}`;
  }
  return mean
    ? `mean depth ${depth} to below ${depth + 1}, from ${name}`
    : `depth ${depth}: ${name}`;
}

/** Even one example of many is seen. */
function barWidth(count: number, most: number): string {
  return count === 0 ? "0" : `max(2px, ${(100 * count) / most}%)`;
}

/** A drag over several bars keeps their range; a press and release on one bar stays a click. */
function brush(list: HTMLElement, store: Store, name: string, signal: AbortSignal): void {
  let from: number | null = null;
  let dragged = false;

  const depthUnder = (event: PointerEvent): number | null => {
    const bar = [...list.children].find((child) => {
      const { top, bottom } = child.getBoundingClientRect();
      return event.clientY >= top && event.clientY <= bottom;
    });
    const depth = bar?.getAttribute("data-depthviz-bar");
    return depth == null ? null : Number(depth);
  };
  const on = <K extends keyof HTMLElementEventMap>(
    type: K,
    act: (event: HTMLElementEventMap[K]) => void,
  ) => list.addEventListener(type, act, { signal });

  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = depthUnder(event);
    dragged = false;
  });
  on("pointermove", (event) => {
    if (from === null || event.buttons === 0) return;
    const to = depthUnder(event);
    if (to === null || (!dragged && to === from)) return;
    if (!dragged) list.setPointerCapture(event.pointerId);
    dragged = true;
    store.setFilter(name, range(Math.min(from, to), Math.max(from, to)));
  });
  on("pointerup", () => {
    from = null;
  });
  on("pointercancel", () => {
    from = null;
    dragged = false;
  });
  on("click", (event) => {
    if (dragged) {
      dragged = false;
      return;
    }
    const bar = closest(event, "[data-depthviz-bar]");
    if (bar) store.toggleFilter(name, Number(bar.dataset.depthvizBar));
  });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

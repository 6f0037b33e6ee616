/**
 * The depth histogram: one bar a depth, named by the probe from which on every vote is the prediction.
 *
 * A click keeps or lets go one depth, a drag keeps a range. Depth P says that even the last probe disagrees; its bar stands apart.
 * The bars count under all other filters, on the pale ground of all examples.
 */
import type { Store } from "../store/store";
import { closest, formatCount, h, setAttribute, setText } from "./dom";
import { rove } from "./rove";
import type { Stage, View } from "./stage";

interface Bar {
  readonly button: HTMLButtonElement;
  readonly fill: HTMLElement;
  readonly count: HTMLElement;
}

export function createHistogram({ store, signal }: Stage): View {
  const all = totals(store);
  const most = Math.max(1, ...all);
  const bars = all.map((total, depth) => createBar(store, depth, total, most));
  const list = h(
    "div",
    { class: "bars", role: "toolbar", "aria-label": "Depth", "aria-orientation": "vertical" },
    ...bars.map((bar) => bar.button),
  );
  setAttribute(list, "data-dense", bars.length > 24);
  rove(list, signal);
  brush(list, store, signal);

  function paint(): void {
    const counts = store.filters.counts("depth");
    const kept = new Set(store.filters.kept("depth"));
    setAttribute(list, "data-filtered", kept.size > 0);
    bars.forEach(({ button, fill, count }, depth) => {
      const examples = counts[depth] ?? 0;
      fill.style.width = barWidth(examples, most);
      setText(count, formatCount(examples));
      setAttribute(button, "aria-pressed", String(kept.has(depth)));
    });
  }

  const heading = h("h3", {}, "Depth ", h("span", { class: "aside" }, "decided from …"));
  return {
    element: h("section", { class: "panel", "data-depthviz-view": "histogram" }, heading, list),
    update(changed) {
      if (changed.has("filters")) paint();
    },
  };
}

/** Counts over all examples, whatever is filtered now. */
function totals(store: Store): number[] {
  const column = store.columns.get("depth");
  const counts = new Array<number>(store.manifest.probes.length + 1).fill(0);
  if (column?.type !== "number") return counts;
  for (const value of column.values) {
    const depth = Math.floor(value);
    if (depth in counts) counts[depth] = (counts[depth] ?? 0) + 1;
  }
  return counts;
}

function createBar(store: Store, depth: number, total: number, most: number): Bar {
  const undecided = depth === store.manifest.probes.length;
  const name = undecided ? "undecided" : (store.manifest.probes[depth] ?? "");
  const fill = h("span", { class: "fill" });
  const ground = h("span", { class: "ground" });
  const count = h("span", { class: "count" });
  ground.style.width = barWidth(total, most);
  const button = h(
    "button",
    {
      type: "button",
      class: undecided ? "depth-bar apart" : "depth-bar",
      title: undecided
        ? `depth ${depth}: even the last probe disagrees`
        : `depth ${depth}: ${name}`,
      "data-depthviz-depth": depth,
    },
    h("span", { class: "track" }, ground, fill),
    h("span", { class: "number" }, String(depth)),
    h("span", { class: "name" }, name),
    count,
  );
  return { button, fill, count };
}

/** Even one example of many is seen. */
function barWidth(count: number, most: number): string {
  return count === 0 ? "0" : `max(2px, ${(100 * count) / most}%)`;
}

/** A drag over several bars keeps their range; a press and release on one bar stays a click. */
function brush(list: HTMLElement, store: Store, signal: AbortSignal): void {
  let from: number | null = null;
  let dragged = false;

  const depthUnder = (event: PointerEvent): number | null => {
    const bar = [...list.children].find((child) => {
      const { top, bottom } = child.getBoundingClientRect();
      return event.clientY >= top && event.clientY <= bottom;
    });
    const depth = bar?.getAttribute("data-depthviz-depth");
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
    store.setFilter("depth", range(Math.min(from, to), Math.max(from, to)));
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
    const bar = closest(event, "[data-depthviz-depth]");
    if (bar) store.toggleFilter("depth", Number(bar.dataset.depthvizDepth));
  });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/**
 * The histogram of a column of numbers, with a brush that keeps a range of them.
 *
 * A drag keeps what it passes, one inside the brush moves it, its two ends are dragged or moved by the arrow keys, and a click lets
 * go. An end that lies at the end of the axis is open: what is beyond it is kept too. Examples without a value have a chip of
 * their own. Counts are those under all other filters, on the pale ground of all examples.
 */

import type { NumberColumn } from "../../store/columns";
import { type Bins, tidy } from "../../store/filters/bins";
import { exactNumber, rangeInWords } from "../../store/filters/filter_words";
import type { RangeFilter } from "../../store/filters/filters";
import { type Axis, besideMissing, binAxis, clamp, isNarrowed, rangeBetween } from "../parts/axis";
import { formatCount, h, setAttribute, setText, svg } from "../parts/dom";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { brushRange, endOf, endsOf, startOf } from "./range_brush";

const LARGE = 5;
const TALL = 100;

export function createNumberHistogram(context: ViewContext, column: NumberColumn): View {
  const { store, signal } = context;
  const { name, title } = column.info;
  const bins = store.bins(name) as Bins;
  const axis = binAxis(name, title, bins);
  const all = countAll(bins);
  const most = all.subarray(0, bins.bins).reduce((a, b) => Math.max(a, b), 1);
  const fill = svg("path", { class: "fill" });
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${Math.max(1, bins.bins)} ${TALL}`, preserveAspectRatio: "none" },
    svg("path", { class: "ground", d: drawBars(all, bins.bins, most) }),
    fill,
  );
  setAttribute(drawing, "aria-hidden", "true");
  const kept = h("div", { class: "kept-area", "aria-hidden": "true" });
  const ends = [createEnd("from", title), createEnd("to", title)] as const;
  const plot = h("div", { class: "plot", "data-depthviz-column": name }, drawing, kept, ...ends);
  const said = h("span", { class: "range" });
  const missing = createMissing(bins.missing);
  const element = h(
    "div",
    { class: "numbers" },
    plot,
    h("div", { class: "spread" }, ...axisLabels(axis, bins)),
    h("div", { class: "readout" }, said, missing.button),
  );
  if (bins.bins === 0)
    element.replaceChildren(h("p", { class: "hint" }, "no example has a value"), missing.button);

  const keep = (range: RangeFilter) =>
    store.setFilter(name, besideMissing(range, store.filters.range(name)));
  const moveEnd = (which: 0 | 1, value: number) => {
    const [from, to] = endsOf(store.filters.range(name), axis);
    const next =
      which === 0
        ? ([clamp(value, axis.least, to), to] as const)
        : ([from, clamp(value, from, axis.most)] as const);
    keep(rangeBetween(axis, ...next));
  };

  ends.forEach((end, which) => {
    end.addEventListener(
      "keydown",
      (event) => {
        const value = valueByKey(
          event,
          endsOf(store.filters.range(name), axis)[which] as number,
          axis,
          bins.width,
        );
        if (value === null) return;
        event.preventDefault();
        moveEnd(which as 0 | 1, value);
      },
      { signal },
    );
  });
  missing.button.addEventListener(
    "click",
    () => {
      const { missing: isKept, ...range } = store.filters.range(name) ?? {};
      store.setFilter(name, isKept ? range : { ...range, missing: true });
    },
    { signal },
  );
  brushRange(plot, axis, bins, {
    range: () => store.filters.range(name),
    keep,
    moveEnd,
    signal,
  });

  function paint(): void {
    const counts = store.tally(bins, name);
    setAttribute(fill, "d", drawBars(counts, bins.bins, most));
    const range = store.filters.range(name);
    const [from, to] = endsOf(range, axis);
    kept.hidden = !isNarrowed(range);
    kept.style.left = `${100 * startOf(axis, bins, from)}%`;
    kept.style.right = `${100 - 100 * endOf(axis, bins, to)}%`;
    ends[0].style.left = kept.style.left;
    ends[1].style.left = `${100 * endOf(axis, bins, to)}%`;
    [from, to].forEach((value, i) => {
      const end = ends[i] as HTMLElement;
      setAttribute(end, "aria-valuenow", tidy(value));
      setAttribute(end, "aria-valuetext", exactNumber(value));
      setAttribute(end, "aria-valuemin", i === 0 ? axis.least : from);
      setAttribute(end, "aria-valuemax", i === 0 ? to : axis.most);
    });
    setAttribute(plot, "data-filtered", isNarrowed(range));
    setText(said, rangeInWords(range));
    missing.paint(counts[bins.bins] ?? 0, range?.missing === true);
  }

  paintOnChange(context, paint);
  return { element };
}

function countAll({ codes, size }: Bins): Uint32Array {
  const counts = new Uint32Array(size);
  for (const code of codes) counts[code] = (counts[code] as number) + 1;
  return counts;
}

/** Even one example is seen. */
function drawBars(counts: Uint32Array, bins: number, most: number): string {
  let path = "";
  for (let bin = 0; bin < bins; bin++) {
    const count = counts[bin] as number;
    if (count === 0) continue;
    const top = TALL - Math.max(2, Math.round((TALL * count) / most));
    path += `M${bin + 0.06} ${TALL}V${top}h.88V${TALL}z`;
  }
  return path;
}

function createEnd(which: "from" | "to", title: string): HTMLElement {
  return h("div", {
    class: `end ${which}`,
    role: "slider",
    tabindex: 0,
    "aria-label": `${title}, ${which}`,
    title: `${which}: drag, or move by arrow keys`,
    "data-depthviz-control": `range-${which}`,
  });
}

function createMissing(total: number) {
  const button = h("button", { type: "button", class: "chip missing" });
  button.setAttribute("data-depthviz-control", "missing");
  button.title = "Examples without a value";
  button.hidden = total === 0;
  return {
    button,
    paint(count: number, isKept: boolean) {
      setText(button, `${formatCount(count)} missing`);
      setAttribute(button, "aria-pressed", String(isKept));
    },
  };
}

function axisLabels(axis: Axis, { cutsLow, cutsHigh }: Bins): HTMLElement[] {
  const low = `${cutsLow ? "≤ " : ""}${exactNumber(axis.least)}`;
  const high = `${cutsHigh ? "≥ " : ""}${exactNumber(axis.most)}`;
  const labels = axis.least === axis.most && !cutsLow && !cutsHigh ? [low] : [low, high];
  return labels.map((label) => h("span", {}, label));
}

function valueByKey(event: KeyboardEvent, value: number, axis: Axis, width: number): number | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const { key, shiftKey } = event;
  if (key === "Home") return axis.least;
  if (key === "End") return axis.most;
  const step = width * (shiftKey || key.startsWith("Page") ? LARGE : 1);
  const forth = ["ArrowRight", "ArrowUp", "PageUp"].includes(key);
  const back = ["ArrowLeft", "ArrowDown", "PageDown"].includes(key);
  if (!forth && !back) return null;
  const place = (value - axis.least) / step;
  const next = forth ? Math.floor(place + 1e-6) + 1 : Math.ceil(place - 1e-6) - 1;
  return tidy(axis.least + next * step);
}

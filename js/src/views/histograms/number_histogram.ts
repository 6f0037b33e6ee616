/**
 * The histogram of a column of numbers, with a brush that keeps a range of them.
 *
 * A drag keeps what it passes, one inside the brush moves it, its two ends are dragged or moved by the arrow keys, and a click lets
 * go. An end that lies at the end of the axis is open: what is beyond it is kept too. Examples without a value have a chip of
 * their own. Counts are those under all other filters, on the pale ground of all examples.
 */
import { formatCount, type NumberColumn } from "../../store/columns";
import type { Bins } from "../../store/filters/bins";
import { exactNumber, rangeInWords } from "../../store/filters/filter_words";
import type { Store } from "../../store/store";
import { type Axis, binAxis, isNarrowed } from "../parts/axis";
import { h, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { createBrushTarget } from "./brush_target";
import { createNumberBars } from "./number_bars";
import { brushRange, endOf, startOf } from "./range_brush";
import { createRangeEnds } from "./range_ends";

export function createNumberHistogram(context: ViewContext, column: NumberColumn): View {
  const { store, signal } = context;
  const { name, title } = column.info;
  const bins = store.bins(name) as Bins;
  const axis = binAxis(name, title, bins);
  const target = createBrushTarget(store, name, axis);
  const bars = createNumberBars(bins);
  const kept = h("div", { class: "kept-area", "aria-hidden": "true" });
  const ends = createRangeEnds(title, axis, bins, target, signal);
  const plot = h(
    "div",
    { class: "plot", "data-depthviz-column": name },
    ...[bars.element, kept, ...ends.elements],
  );
  const words = h("span", { class: "range" });
  const missing = createMissing(store, name, bins.missing, signal);
  const labels = h("div", { class: "spread" }, ...axisLabels(axis, bins));
  const readout = h("div", { class: "readout" }, words, missing.button);
  const element = h("div", { class: "numbers" }, plot, labels, readout);
  if (bins.bins === 0) {
    element.replaceChildren(h("p", { class: "hint" }, "no example has a value"), missing.button);
  }
  brushRange(plot, axis, bins, target, signal);

  function paint(): void {
    const counts = store.tally(bins, name);
    const range = target.range();
    const [from, to] = target.ends();
    const [start, end] = [startOf(axis, bins, from), endOf(axis, bins, to)];
    bars.paint(counts);
    ends.paint(start, end);
    kept.hidden = !isNarrowed(range);
    kept.style.left = `${100 * start}%`;
    kept.style.right = `${100 - 100 * end}%`;
    setAttribute(plot, "data-filtered", isNarrowed(range));
    setText(words, rangeInWords(range));
    missing.paint(counts[bins.bins] ?? 0, range?.missing === true);
  }

  paintOnChange(context, paint);
  return { element };
}

/** The chip that keeps the examples without a value. */
function createMissing(store: Store, name: string, total: number, signal: AbortSignal) {
  const button = h("button", {
    class: "chip missing",
    control: "missing",
    title: "Examples without a value",
  });
  button.hidden = total === 0;
  const toggle = () => {
    const { missing, ...range } = store.filters.range(name) ?? {};
    store.setFilter(name, missing ? range : { ...range, missing: true });
  };
  on(button, "click", toggle, signal);
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

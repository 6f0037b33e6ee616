/**
 * Where on the axis of probes an example is decided: a mark for its depth, two where it has two depths.
 *
 * Of the example under the pointer, else of the one in focus. A filled triangle is the depth of a network that trained on it (or
 * the only one), a hollow one that of networks that did not; beyond the last probe an example is undecided.
 */

import { twoDepths } from "../../../store/depths";
import { hasTwoDepths, numberOf } from "../../../store/lookups";
import type { Store } from "../../../store/store";
import { h, setAttribute, setText, svg } from "../../parts/dom";
import { describe } from "../../parts/examples/description";
import { paintOnChange, type View, type ViewContext } from "../../parts/view";

export interface DepthMarks extends View {
  /** What the marks mean, in words. */
  readonly words: HTMLElement;
}

interface Depth {
  readonly name: string;
  readonly depth: number | undefined;
}

const OUTLINES = ["M-5-4H5L0 5Z", "M-5-4H5L0 5Z"] as const;

export function createDepthMarks(context: ViewContext): DepthMarks {
  const { store } = context;
  const marks = OUTLINES.map((outline, i) => {
    const drawing = svg(
      "svg",
      { viewBox: "-6 -6 12 12", "aria-hidden": "true" },
      svg("path", { d: outline }),
    );
    return h("span", { class: "decided-mark", role: "img", "data-depthviz-decided": i }, drawing);
  });
  const words = h("span", { class: hasTwoDepths(store) ? "decided-words two" : "decided-words" });
  paintOnChange(context, () => {
    const index = store.highlight ?? (store.frame.panel === "closed" ? null : store.focus);
    const depths = index === null ? [] : depthsOf(store, index);
    marks.forEach((mark, i) => {
      show(mark, store, depths[i]);
    });
    setText(words, index === null ? "" : decisionText(store, index));
  });
  return { element: h("div", { class: "decided-marks" }, ...marks), words };
}

function show(mark: HTMLElement, store: Store, depth: Depth | undefined): void {
  const at = depth?.depth;
  mark.hidden = at === undefined;
  if (depth === undefined || at === undefined) return;
  const { length } = store.manifest.probes;
  const undecided = at > length - 1;
  const place = Math.min(length - 1, Math.max(0, at));
  mark.style.left = `${(100 * (place + 0.5)) / Math.max(1, length)}%`;
  setAttribute(mark, "data-undecided", undecided);
  const text = `${depth.name}: ${placeOf(store.manifest.probes, at)}`;
  setAttribute(mark, "aria-label", text);
  setAttribute(mark, "title", text);
}

function depthsOf(store: Store, index: number): Depth[] {
  if (!hasTwoDepths(store)) return [{ name: "Decided", depth: numberOf(store, "depth", index) }];
  const [trained, heldOut] = twoDepths(store.columns);
  return [
    { name: "Decided when trained on", depth: numberOf(store, trained, index) },
    { name: "Decided when held out", depth: numberOf(store, heldOut, index) },
  ];
}

/** "e3 is decided at conv2 (depth 2)". */
function decisionText(store: Store, index: number): string {
  const { id } = describe(store, index);
  const { probes } = store.manifest;
  const [first, second] = depthsOf(store, index);
  if (!second) {
    if (first?.depth === undefined) return `${id} has no depth`;
    const undecided = first.depth >= probes.length;
    return undecided
      ? `${id} is undecided even at ${probes.at(-1)}`
      : `${id} is decided ${placeOf(probes, first.depth)}`;
  }
  const mean = (depth: Depth | undefined) =>
    depth?.depth === undefined ? "unknown" : placeOf(probes, depth.depth);
  return `${id} is decided, when trained on ▼ ${mean(first)}, when held out ▽ ${mean(second)}`;
}

/** A mean depth lies between two probes; beyond the last, most networks have not decided. */
function placeOf(probes: readonly string[], depth: number): string {
  const last = probes.length - 1;
  if (depth >= probes.length) return "nowhere: undecided even at the last probe";
  const text = Number.isInteger(depth) ? String(depth) : depth.toFixed(1);
  if (depth > last) return `beyond ${probes[last]}, by some undecided (depth ${text})`;
  const [from, to] = [probes[Math.floor(depth)], probes[Math.ceil(depth)]];
  if (from === to) return `at ${from} (depth ${text})`;
  return `between ${from} and ${to} (depth ${text})`;
}

/**
 * The plane of a study that has no groups, and why it has none.
 *
 * One network gives one depth per example: then depth runs to the right and confidence upwards. Two depths without groups are
 * drawn against each other. A drag keeps what it passes of both columns.
 */
import type { Store } from "../../store/store";
import { type Axis, binAxis, depthAxis } from "../parts/axis";
import { h, setAttribute } from "../parts/dom";
import type { View, ViewContext } from "../parts/view";
import { createDensity } from "./density";
import { twoDepthAxes } from "./plane";

interface Words {
  readonly heading: string;
  readonly across: string;
  readonly up: string;
  readonly why: string;
}

const ONE_DEPTH: Words = {
  heading: "Depth and confidence",
  across: "depth →",
  up: "confidence →",
  why:
    "One network gives one depth per example, so there are no groups. dv.Ensemble trains several " +
    "on different splits and separates depth when trained on from depth when held out.",
};
const TWO_DEPTHS: Words = {
  heading: "Two depths",
  across: "depth trained on →",
  up: "depth held out →",
  why: "This study came without groups; study.groups() finds them in Python.",
};

/** Null where a study has groups, or no confidence to draw depth against. */
export function createPlaneAlone(context: ViewContext): View | null {
  const { store } = context;
  if (store.manifest.plane && store.columns.get("group")?.type === "code") return null;
  const two = twoDepthAxes(store);
  const axes = two ?? depthAndConfidence(store);
  if (!axes) return null;
  const { heading, across, up, why } = two ? TWO_DEPTHS : ONE_DEPTH;
  const density = createDensity(context, axes);
  setAttribute(density.drawing, "aria-label", `${axes[0].title} against ${axes[1].title}.`);
  const plane = h(
    "div",
    { class: "plane" },
    h("span", { class: "upward axis-name", "aria-hidden": "true" }, up),
    density.element,
    h("span", { class: "axis-name", "aria-hidden": "true" }, across),
  );
  const element = h(
    "section",
    { class: "panel", "data-depthviz-lone-plane": true },
    h("h3", {}, heading),
    plane,
    h("p", { class: "hint" }, why),
  );
  return { element };
}

function depthAndConfidence(store: Store): readonly [Axis, Axis] | null {
  const [depth, confidence] = ["depth", "confidence"].map((name) => store.columns.get(name));
  const bins = store.bins("confidence");
  if (depth?.type !== "number" || confidence?.type !== "number" || !bins?.bins) return null;
  const last = store.manifest.probes.length;
  return [
    depthAxis("depth", depth.info.title, depth.values, last),
    binAxis("confidence", confidence.info.title, bins),
  ];
}

/**
 * The plane of the two depths: how many examples lie where, the boundaries of the groups, a corner for each.
 *
 * Depth when trained on runs to the right, depth when held out upwards. Counts are those under all filters but the plane's own. A
 * click on a corner does what its chip does, which is how the keyboard gets there. Boundaries are moved by their handles, by
 * a quantile for all four, and back to those of the study; groups, counts and everything else follow at once.
 */
import { formatNumber } from "../../store/columns";
import { twoDepths } from "../../store/depths";
import type { Boundaries } from "../../store/grouping";
import type { Store } from "../../store/store";
import { type Axis, depthAxis } from "../parts/axis";
import { closest, h, setAttribute, svg } from "../parts/dom";
import { on } from "../parts/interaction";
import { css, markOfCode, missingMark } from "../parts/palette";
import { setMark, swatch } from "../parts/swatch";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { createHandles } from "./boundary_handles";
import { box, createDensity, type Density, HEIGHT, round, WIDTH } from "./density";
import { createGroupControls } from "./group_controls";

/** Which end of each depth a corner lies at, by the name of its group. */
const CORNERS = [
  { name: "ambiguous unless the label is given", trained: "low", heldOut: "high" },
  { name: "ambiguous", trained: "high", heldOut: "high" },
  { name: "easy", trained: "low", heldOut: "low" },
  { name: "looks like a different class", trained: "high", heldOut: "low" },
] as const;

export function createPlane(context: ViewContext): View | null {
  const { store, signal } = context;
  const axes = twoDepthAxes(store);
  if (!store.manifest.plane || !axes || store.columns.get("group")?.type !== "code") return null;
  const density = createDensity(context, axes, ["group"]);
  const corners = CORNERS.map((corner) => createCorner(corner, density, context));
  density.drawing.append(...corners.map(({ region }) => region));
  const handles = store.grouping && createHandles(context, axes, density.element);
  if (handles) density.element.append(...handles);
  else density.drawing.append(...boundaryLines(store, density));
  const controls = store.grouping && createGroupControls(context);
  const [topLeft, topRight, bottomLeft, bottomRight] = corners.map(({ label }) => label);
  const plane = h(
    "div",
    { class: "plane", "data-depthviz-plane": true },
    h("div", { class: "corner-names", "aria-hidden": "true" }, topLeft as Node, topRight as Node),
    h("span", { class: "upward axis-name", "aria-hidden": "true" }, "depth held out →"),
    density.element,
    h("span", { class: "axis-name", "aria-hidden": "true" }, "depth trained on →"),
    h(
      "div",
      { class: "corner-names", "aria-hidden": "true" },
      bottomLeft as Node,
      bottomRight as Node,
    ),
  );
  on(
    plane,
    "click",
    (event) => {
      const corner = closest(event, "[data-depthviz-corner]");
      const code = Number(corner?.getAttribute("data-depthviz-corner") ?? -1);
      if (code >= 0) store.toggleFilter("group", code);
    },
    signal,
  );
  paintOnChange(context, () => {
    for (const corner of corners) corner.place();
    setAttribute(density.drawing, "aria-label", explain(store.boundaries as Boundaries));
  });
  paintOnChange(context, () => {
    for (const corner of corners) corner.paint();
  });
  return { element: h("div", {}, plane, ...(controls ? [controls.element] : [])) };
}

/** The axes of both depths, where a study has them. */
export function twoDepthAxes(store: Store): readonly [Axis, Axis] | null {
  const [trained, heldOut] = twoDepths(store.columns).map((name) => {
    const column = store.columns.get(name);
    if (column?.type !== "number") return null;
    return depthAxis(name, column.info.title, column.values, store.manifest.probes.length);
  });
  return trained && heldOut ? [trained, heldOut] : null;
}

function createCorner(
  { name, trained, heldOut }: (typeof CORNERS)[number],
  { x, y }: Density,
  { store, theme }: ViewContext,
) {
  const names = store.manifest.plane?.names ?? [];
  const code = names.indexOf(name);
  const hook = { "data-depthviz-corner": code };
  const title = svg("title");
  title.append(name);
  const region = svg("path", { class: "corner", ...hook }, title);
  const mark = swatch(missingMark(theme()));
  const label = h("span", { class: "corner-name", ...hook }, mark, h("span", {}, name));
  return {
    region,
    label,
    place() {
      const [trainLow, trainHigh, heldOutLow, heldOutHigh] = store.boundaries as Boundaries;
      const [left, right] = trained === "low" ? [0, x(trainLow)] : [x(trainHigh), WIDTH];
      const [top, bottom] = heldOut === "low" ? [y(heldOutLow), HEIGHT] : [0, y(heldOutHigh)];
      setAttribute(region, "d", box(left, top, right, bottom));
    },
    paint() {
      const { color, shape } = markOfCode(code, names, theme());
      setMark(mark, { color, shape });
      region.style.setProperty("--dv-group", css(color));
      const kept = store.filters.kept("group").includes(code);
      setAttribute(region, "data-kept", kept);
      setAttribute(label, "data-kept", kept);
    },
  };
}

/** Of groups that are not found by these rules: there to see, not to move. */
function boundaryLines({ boundaries }: Store, { x, y }: Density): SVGPathElement[] {
  return (boundaries ?? []).map((depth, i) =>
    svg("path", {
      class: "boundary-line",
      d: i < 2 ? `M${round(x(depth))} 0V${HEIGHT}` : `M0 ${round(y(depth))}H${WIDTH}`,
    }),
  );
}

function explain(boundaries: Boundaries): string {
  const [trainLow, trainHigh, heldOutLow, heldOutHigh] = boundaries.map((end) =>
    formatNumber(Math.round(end * 100) / 100),
  );
  return (
    "Depth when trained on against depth when held out. " +
    `Trained on: low to ${trainLow}, high from ${trainHigh}. ` +
    `Held out: low to ${heldOutLow}, high from ${heldOutHigh}.`
  );
}

/**
 * The plane of the two depths: how many examples lie where, the boundaries of the groups, a corner for each.
 *
 * Depth when trained on runs to the right, depth when held out upwards. Counts are those under all filters but the groups' own,
 * darker for more by their logarithm. A click on a corner does what its chip does, which is how the keyboard gets there.
 */
import { formatNumber } from "../store/columns";
import type { PlaneInfo } from "../store/manifest";
import { type Store, TWO_DEPTHS } from "../store/store";
import { closest, h, setAttribute, svg } from "./dom";
import { css, markOfCode, missingMark } from "./palette";
import { anyOf, type Stage, type View } from "./stage";
import { setMark, swatch } from "./swatch";

const WIDTH = 100;
const HEIGHT = 78;
const CELLS = 24;
const LEVELS = 6;
const MARGIN = 0.05;

/** Which end of each depth a corner lies at, by the name of its group. */
const CORNERS = [
  { name: "ambiguous unless the label is given", trained: "low", heldOut: "high" },
  { name: "ambiguous", trained: "high", heldOut: "high" },
  { name: "easy", trained: "low", heldOut: "low" },
  { name: "looks like a different class", trained: "high", heldOut: "low" },
] as const;

export function createPlane(stage: Stage): View | null {
  const { store, signal } = stage;
  const { plane } = store.manifest;
  if (!plane || store.columns.get("group")?.type !== "code") return null;
  const scale = createScale(store.manifest.probes.length);
  const bins = binExamples(store, scale);
  const levels = Array.from({ length: LEVELS }, (_, level) =>
    svg("path", { class: "bin", "fill-opacity": opacityOf(level) }),
  );
  const corners = CORNERS.map((corner) => createCorner(corner, plane, scale, stage));
  const drawing = svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "img",
      "aria-label": explain(plane),
    },
    ...levels,
    ...corners.map(({ region }) => region),
    ...boundaryLines(plane, scale),
  );

  function paintCounts(): void {
    const paths = drawBins(store.filters.tally(bins, "group"), scale);
    levels.forEach((path, level) => {
      setAttribute(path, "d", paths[level] ?? "");
    });
  }

  const [topLeft, topRight, bottomLeft, bottomRight] = corners.map(({ label }) => label);
  const element = h(
    "div",
    { class: "plane", "data-depthviz-plane": true },
    h("div", { class: "corner-names", "aria-hidden": "true" }, topLeft as Node, topRight as Node),
    h("span", { class: "upward axis-name", "aria-hidden": "true" }, "depth held out →"),
    drawing,
    h("span", { class: "axis-name", "aria-hidden": "true" }, "depth trained on →"),
    h(
      "div",
      { class: "corner-names", "aria-hidden": "true" },
      bottomLeft as Node,
      bottomRight as Node,
    ),
  );
  element.addEventListener(
    "click",
    (event) => {
      const corner = closest(event, "[data-depthviz-corner]");
      const code = Number(corner?.getAttribute("data-depthviz-corner") ?? -1);
      if (code >= 0) store.toggleFilter("group", code);
    },
    { signal },
  );
  return {
    element,
    update(changed) {
      if (changed.has("filters")) paintCounts();
      if (anyOf(changed, "filters", "theme")) for (const corner of corners) corner.paint();
    },
  };
}

interface Scale {
  /** Cells a unit of depth, so that every whole depth is the middle of one. */
  readonly perUnit: number;
  /** Cells along each axis. */
  readonly cells: number;
  x(depth: number): number;
  y(depth: number): number;
}

/** The plane reaches a little beyond 0..P, so that a corner at the very end has room. */
function createScale(last: number): Scale {
  const perUnit = Math.max(1, Math.round(CELLS / last));
  const beyond = Math.max(0.5 / perUnit, MARGIN * last);
  const share = (depth: number) => Math.min(1, Math.max(0, (depth + beyond) / (last + 2 * beyond)));
  return {
    perUnit,
    cells: last * perUnit + 1,
    x: (depth) => WIDTH * share(depth),
    y: (depth) => HEIGHT * (1 - share(depth)),
  };
}

/** The cell of each example, row by row; examples without both depths are in none. */
function binExamples(store: Store, { perUnit, cells }: Scale) {
  const [trained, heldOut] = TWO_DEPTHS.map((name) => {
    const column = store.columns.get(name);
    return column?.type === "number" ? column.values : new Float32Array(0);
  }) as [Float32Array, Float32Array];
  const codes = new Uint16Array(store.manifest.count).map((_, i) => {
    const [across, up] = [trained[i] ?? Number.NaN, heldOut[i] ?? Number.NaN];
    if (Number.isNaN(across + up)) return 65535;
    return Math.round(up * perUnit) * cells + Math.round(across * perUnit);
  });
  return { codes, size: cells * cells };
}

/** Even a single example is seen. */
function opacityOf(level: number): number {
  return 0.3 + (0.7 * level) / (LEVELS - 1);
}

/** One path for each level of darkness. */
function drawBins(counts: Uint32Array, { perUnit, cells, x, y }: Scale): string[] {
  const most = Math.max(1, ...counts);
  const paths = new Array<string>(LEVELS).fill("");
  const half = 0.5 / perUnit;
  counts.forEach((count, cell) => {
    if (count === 0) return;
    const level = Math.min(LEVELS - 1, Math.floor((Math.log(count) / Math.log(most + 1)) * LEVELS));
    const [trained, heldOut] = [(cell % cells) / perUnit, Math.floor(cell / cells) / perUnit];
    const [left, right] = [x(trained - half), x(trained + half)];
    const [top, bottom] = [y(heldOut + half), y(heldOut - half)];
    paths[level] += box(left, top, right, bottom);
  });
  return paths;
}

function createCorner(
  { name, trained, heldOut }: (typeof CORNERS)[number],
  { boundaries, names }: PlaneInfo,
  { x, y }: Scale,
  { store, theme }: Stage,
) {
  const [trainLow, trainHigh, heldOutLow, heldOutHigh] = boundaries;
  const code = names.indexOf(name);
  const [left, right] = trained === "low" ? [0, x(trainLow)] : [x(trainHigh), WIDTH];
  const [top, bottom] = heldOut === "low" ? [y(heldOutLow), HEIGHT] : [0, y(heldOutHigh)];
  const hook = { "data-depthviz-corner": code };
  const title = svg("title");
  title.append(name);
  const region = svg("path", { class: "corner", d: box(left, top, right, bottom), ...hook }, title);
  const mark = swatch(missingMark(theme()));
  const label = h("span", { class: "corner-name", ...hook }, mark, h("span", {}, name));
  return {
    region,
    label,
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

function boundaryLines({ boundaries }: PlaneInfo, { x, y }: Scale): SVGPathElement[] {
  return boundaries.map((depth, i) =>
    svg("path", {
      class: "boundary",
      d: i < 2 ? `M${round(x(depth))} 0V${HEIGHT}` : `M0 ${round(y(depth))}H${WIDTH}`,
    }),
  );
}

function explain({ boundaries }: PlaneInfo): string {
  const [trainLow, trainHigh, heldOutLow, heldOutHigh] = boundaries.map((end) =>
    formatNumber(Math.round(end * 100) / 100),
  );
  return (
    "Depth when trained on against depth when held out. " +
    `Trained on: low to ${trainLow}, high from ${trainHigh}. ` +
    `Held out: low to ${heldOutLow}, high from ${heldOutHigh}.`
  );
}

function box(left: number, top: number, right: number, bottom: number): string {
  return `M${round(left)} ${round(top)}H${round(right)}V${round(bottom)}H${round(left)}z`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/**
 * The chart behind the axis of probes: bars for the examples that settle at a probe, lines for accuracy and agreement.
 *
 * Drawn in pixels of the space there is; each probe has a band of the same width, its name below.
 */
import { formatCount } from "../../../store/columns";
import { probeCurve } from "../../../store/probes/probe_curve";
import { computed } from "../../../store/reactive";
import { h, setAttribute, svg } from "../../parts/dom";
import { paintOnChange, type ViewContext } from "../../parts/view";

export interface ProbeChart {
  readonly element: HTMLElement;
  /** What is known of one probe, in words, each with what it means. */
  wordsAt(probe: number): readonly (readonly [words: string, help: string])[];
}

const TOP = 8;
const ACCURACY = "Votes that are the label, held out where known: solid";
const AGREEMENT = "Votes that are the network's prediction: dashed";
const SETTLE = "Their vote is the prediction from here on, trained on: bars";

export function createProbeChart(context: ViewContext): ProbeChart {
  const { store, layout } = context;
  const bars = svg("g", { class: "settled" });
  const agreement = svg("path", { class: "agreement-line" });
  const accuracy = svg("path", { class: "accuracy-line" });
  const dots = svg("path", { class: "accuracy-dots" });
  const levels = svg("path", { class: "levels" });
  const drawing = svg("svg", { "aria-hidden": "true" }, levels, bars, agreement, accuracy, dots);
  const element = h("div", { class: "probe-chart" });
  const names = ["agreement", "accuracy"].map((name) =>
    h("span", { class: `line-name of-${name}` }, name),
  );
  element.append(drawing, ...names);
  // Once, so that a probe on its way counts no example anew.
  const known = computed(() => {
    void store.parts;
    return probeCurve(store);
  });

  paintOnChange(context, () => {
    void [layout.value, store.frame];
    const curve = known.value;
    const { clientWidth: width, clientHeight: height } = element;
    const count = store.manifest.probes.length;
    if (width === 0 || count === 0) return;
    const band = width / count;
    const y = (share: number) => TOP + (1 - share) * (height - TOP);
    setAttribute(drawing, "viewBox", `0 0 ${width} ${height}`);
    setAttribute(levels, "d", `M0 ${y(1)}H${width}M0 ${y(0.5)}H${width}M0 ${y(0)}H${width}`);
    bars.replaceChildren(...barsOf(curve.settled, band, y));
    const lines = [curve.agreement, curve.accuracy];
    [agreement, accuracy].forEach((line, i) => {
      setAttribute(line, "d", pathOf(lines[i] ?? null, band, y));
    });
    setAttribute(dots, "d", dotsOf(curve.accuracy, band, y));
    names.forEach((name, i) => {
      const end = lines[i]?.at(-1);
      name.hidden = end === undefined || Number.isNaN(end);
      if (end !== undefined) name.style.top = `${y(end)}px`;
    });
    spread(names, height);
  });
  paintOnChange(context, () => {
    void [store.parts, layout.value, store.frame];
    const nearest = Math.round(store.probe);
    [...bars.children].forEach((bar, i) => {
      setAttribute(bar, "data-current", i === nearest);
    });
  });
  return {
    element,
    wordsAt(probe) {
      const curve = known.value;
      const [right, same] = [curve.accuracy?.[probe], curve.agreement?.[probe]];
      const settled = curve.settled[probe] ?? 0;
      return [
        ...(isKnown(right) ? ([[`accuracy ${percent(right)}`, ACCURACY]] as const) : []),
        ...(isKnown(same) ? ([[`agreement ${percent(same)}`, AGREEMENT]] as const) : []),
        [`${formatCount(settled)} settle here`, SETTLE],
      ];
    },
  };
}

function barsOf(settled: readonly number[], band: number, y: (share: number) => number) {
  const most = Math.max(1, ...settled);
  return settled.map((count, i) => {
    const top = count === 0 ? y(0) : Math.min(y(0) - 1, y((0.8 * count) / most));
    const [from, to] = [(i + 0.18) * band, (i + 0.82) * band];
    return svg("path", { d: `M${from} ${y(0)}V${top}H${to}V${y(0)}z` });
  });
}

function pathOf(
  shares: readonly number[] | null,
  band: number,
  y: (share: number) => number,
): string {
  const points = (shares ?? []).flatMap((share, i) =>
    Number.isNaN(share) ? [] : [`${((i + 0.5) * band).toFixed(1)} ${y(share).toFixed(1)}`],
  );
  return points.length > 0 ? `M${points.join("L")}` : "";
}

function dotsOf(
  shares: readonly number[] | null,
  band: number,
  y: (share: number) => number,
): string {
  return (shares ?? [])
    .flatMap((share, i) =>
      Number.isNaN(share) ? [] : [`M${((i + 0.5) * band).toFixed(1)} ${y(share).toFixed(1)}h.01`],
    )
    .join("");
}

const LINE_PX = 15;

/** Two names never stand on each other. */
function spread(names: readonly HTMLElement[], height: number): void {
  const shown = names.filter((name) => !name.hidden);
  const places = shown.map((name) => Number.parseFloat(name.style.top));
  const [first, second] = places;
  if (first === undefined || second === undefined || Math.abs(first - second) >= LINE_PX) return;
  const lower = first > second ? 0 : 1;
  const upper = Math.max(6, Math.min(first, second) - 3);
  (shown[1 - lower] as HTMLElement).style.top = `${upper}px`;
  (shown[lower] as HTMLElement).style.top = `${Math.min(height - 4, upper + LINE_PX)}px`;
}

function isKnown(share: number | undefined): share is number {
  return share !== undefined && !Number.isNaN(share);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

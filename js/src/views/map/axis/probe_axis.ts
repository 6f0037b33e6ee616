/**
 * The axis of probes under the map: slider and chart in one. The handle scrubs the points from probe to probe, and comes to rest at
 * the nearest when it is let go.
 *
 * Steps glide, unless the person asked for less motion.
 */
import { shortProbeNames } from "../../../store/probes/probe_names";
import { createComparison } from "../../parts/comparison";
import { closest, h, setAttribute, setText } from "../../parts/dom";
import { changeIcon, icon } from "../../parts/icons";
import { on } from "../../parts/interaction";
import { ARROW_DIRECTIONS } from "../../parts/slider";
import { paintOnChange, type View, type ViewContext } from "../../parts/view";
import { createGlide, type Glide } from "../glide";
import { createDepthMarks } from "./depth_marks";
import { createProbeChart } from "./probe_chart";
import { createTicks } from "./ticks";

export interface ProbeAxis extends View {
  step(by: number): void;
}

export function createProbeAxis(context: ViewContext): ProbeAxis {
  const { store, signal, layout } = context;
  const { probes } = store.manifest;
  const names = shortProbeNames(probes);
  const last = Math.max(0, probes.length - 1);
  const glide = createGlide(store);
  const slider = createSlider(last);
  const ticks = createTicks(probes);
  const play = createPlayButton(glide, last, signal);
  const marks = createDepthMarks(context);
  const chart = createProbeChart(context);
  const handle = h("div", { class: "handle", "aria-hidden": "true" });
  const name = h("strong", { class: "probe-here" });
  const words = h("div", { class: "probe-words" });

  function step(by: number): void {
    const at = glide.target ?? store.probe;
    const from = by > 0 ? Math.floor(at + 0.001) : Math.ceil(at - 0.001);
    glide.to(Math.min(last, Math.max(0, from + by)));
  }

  const scrub = () => {
    glide.stop();
    store.setProbe(Number(slider.value));
  };
  const rest = () => glide.to(Math.round(store.probe));
  const pressKey = (event: KeyboardEvent) => {
    const by = ARROW_DIRECTIONS[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    step(by);
  };
  const goToTick = (event: Event) => {
    const tick = closest(event, "[data-probe]");
    if (tick) glide.to(Number(tick.dataset.probe));
  };
  on(slider, "input", scrub, signal);
  on(slider, "pointerup", rest, signal);
  on(slider, "keydown", pressKey, signal);
  on(ticks.element, "click", goToTick, signal);
  on(signal, "abort", glide.stop);
  const changed = createComparison();
  paintOnChange(context, () => {
    const { probe } = store;
    const nearest = Math.round(probe);
    if (changed(nearest, layout.value, store.frame, store.parts)) {
      ticks.paint(nearest);
      setText(name, names[nearest] ?? "");
      setAttribute(name, "title", probes[nearest]);
      words.replaceChildren(
        ...chart.wordsAt(nearest).map(([text, title]) => h("span", { title }, text)),
      );
    }
    if (Number(slider.value) !== probe) slider.value = String(probe);
    setAttribute(slider, "aria-valuetext", probeText(probes, probe));
    handle.style.transform = `translateX(${(100 * (probe + 0.5)) / (last + 1)}cqw)`;
    play.paint();
  });
  const axis = h("div", { class: "axis" }, chart.element, handle, marks.element, ticks.element);
  axis.append(slider);
  axis.style.setProperty("--dv-probes", String(last + 1));
  const here = h("div", { class: "axis-here" }, play.element, h("div", {}, name, words));
  const element = h("div", { class: "probe-axis" }, here, axis, marks.words);
  followSize(axis, context);
  return { element, step };
}

function createSlider(last: number): HTMLInputElement {
  return h("input", {
    type: "range",
    min: 0,
    max: last,
    step: "any",
    "aria-label": "Probe",
    control: "probe",
  });
}

/** The chart is drawn in pixels, so it is drawn again whenever there are others. */
function followSize(axis: HTMLElement, { layout, signal }: ViewContext): void {
  const observer = new ResizeObserver(() => {
    layout.value = layout.peek() + 1;
  });
  observer.observe(axis);
  on(signal, "abort", () => observer.disconnect());
}

function createPlayButton(glide: Glide, last: number, signal: AbortSignal) {
  const names = { "aria-label": "Play", title: "Play through all probes" };
  const sign = icon("play");
  const element = h("button", { class: "icon", ...names }, sign);
  const paint = () => {
    changeIcon(sign, glide.playing ? "pause" : "play");
    setAttribute(element, "aria-pressed", String(glide.playing));
  };
  const toggle = () => {
    if (glide.playing) glide.stop();
    else glide.play(last);
    paint();
  };
  on(element, "click", toggle, signal);
  return { element, paint };
}

function probeText(probes: readonly string[], probe: number): string {
  const [before, after] = [probes[Math.floor(probe)], probes[Math.ceil(probe)]];
  return before === after ? (before ?? "") : `between ${before} and ${after}`;
}

/**
 * The axis of probes under the map: a slider that scrubs the points from probe to probe, with a tick a probe.
 *
 * Steps glide, unless the person asked for less motion.
 */
import { closest, h, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { ARROW_DIRECTIONS } from "../parts/slider";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { createDepthMarks } from "./depth_marks";
import { createGlide, type Glide } from "./glide";
import { createTicks } from "./ticks";
import { explainTrust, trustText } from "./trust";

export interface ProbeAxis extends View {
  step(by: number): void;
}

export function createProbeAxis(context: ViewContext): ProbeAxis {
  const { store, signal } = context;
  const { probes } = store.manifest;
  const last = Math.max(0, probes.length - 1);
  const glide = createGlide(store);
  const slider = createSlider(last);
  const ticks = createTicks(probes);
  const play = createPlayButton(glide, last, signal);
  const marks = createDepthMarks(context);
  const help = explainTrust(store);
  const trust = h("span", { class: "kept", "data-depthviz-trust": "", title: help });

  function step(by: number): void {
    const at = glide.target ?? store.probe;
    const from = by > 0 ? Math.floor(at + 0.001) : Math.ceil(at - 0.001);
    glide.to(Math.min(last, Math.max(0, from + by)));
  }

  const scrub = () => {
    glide.stop();
    store.setProbe(Number(slider.value));
  };
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
  on(slider, "input", scrub, { signal });
  on(slider, "keydown", pressKey, { signal });
  on(ticks.element, "click", goToTick, { signal });
  on(signal, "abort", glide.stop);
  paintOnChange(context, () => {
    context.layout.value;
    const nearest = Math.round(store.probe);
    if (Number(slider.value) !== store.probe) slider.value = String(store.probe);
    setAttribute(slider, "aria-valuetext", probeText(probes, store.probe));
    ticks.paint(nearest);
    setText(trust, trustText(store, nearest));
    play.paint();
  });
  const axis = h("div", { class: "axis" }, slider, marks.element, ticks.element);
  const row = h("div", { class: "axis-row" }, play.element, axis);
  const words = h("div", { class: "axis-words" }, trust, marks.words);
  return { element: h("div", { class: "probe-axis" }, row, words), step };
}

function createSlider(last: number): HTMLInputElement {
  return h("input", {
    type: "range",
    min: 0,
    max: last,
    step: "any",
    "aria-label": "Probe",
    "data-depthviz-control": "probe",
  });
}

function createPlayButton(glide: Glide, last: number, signal: AbortSignal) {
  const names = { "aria-label": "Play", title: "Play" };
  const element = h("button", { type: "button", class: "icon", ...names });
  const paint = () => {
    setText(element, glide.playing ? "❚❚" : "▶");
    setAttribute(element, "aria-pressed", String(glide.playing));
  };
  const toggle = () => {
    if (glide.playing) glide.stop();
    else glide.play(last);
    paint();
  };
  on(element, "click", toggle, { signal });
  return { element, paint };
}

function probeText(probes: readonly string[], probe: number): string {
  const [before, after] = [probes[Math.floor(probe)], probes[Math.ceil(probe)]];
  return before === after ? (before ?? "") : `between ${before} and ${after}`;
}

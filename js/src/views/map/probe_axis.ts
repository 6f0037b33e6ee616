/**
 * The axis of probes under the map: a slider that scrubs the points from probe to probe, with a tick a probe.
 *
 * Steps glide, unless the person asked for less motion. Names that would overlap are left out, the current one never.
 */
import type { Store } from "../../store/store";
import { closest, h, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { createDecided } from "./depth_marks";
import { explainTrust, sayTrust } from "./trust";

export interface ProbeAxis extends View {
  step(by: number): void;
}

const GLIDE_MS = 320;
const PLAY_MS_A_PROBE = 1100;
const LETTER_PX = 6.6;
const MOST_PX = 200;
const GAP_PX = 4;

export function createProbeAxis(context: ViewContext): ProbeAxis {
  const { store, signal } = context;
  const { probes } = store.manifest;
  const last = Math.max(0, probes.length - 1);
  const glide = createGlide(store);
  const slider = h("input", {
    type: "range",
    min: 0,
    max: last,
    step: "any",
    "aria-label": "Probe",
    "data-depthviz-control": "probe",
  });
  const ticks = probes.map((name, i) =>
    h(
      "span",
      { class: "tick", "data-probe": i, title: name },
      h("span", { class: "tick-name" }, name),
    ),
  );
  const scale = h("div", { class: "ticks", "aria-hidden": "true" }, ...ticks);
  const play = h("button", { type: "button", class: "icon", "aria-label": "Play", title: "Play" });
  const decided = createDecided(context);
  const kept = h("span", {
    class: "kept",
    "data-depthviz-trust": "",
    title: explainTrust(store),
  });

  function step(by: number): void {
    const at = glide.target ?? store.probe;
    const from = by > 0 ? Math.floor(at + 0.001) : Math.ceil(at - 0.001);
    glide.to(Math.min(last, Math.max(0, from + by)), GLIDE_MS);
  }

  function paint(): void {
    const nearest = Math.round(store.probe);
    if (Number(slider.value) !== store.probe) slider.value = String(store.probe);
    setAttribute(slider, "aria-valuetext", probeText(probes, store.probe));
    placeTicks(ticks, nearest, scale.clientWidth);
    setText(kept, sayTrust(store, nearest));
    paintPlay();
  }

  function paintPlay(): void {
    setText(play, glide.playing ? "❚❚" : "▶");
    setAttribute(play, "aria-pressed", String(glide.playing));
  }

  on(
    slider,
    "input",
    () => {
      glide.stop();
      store.setProbe(Number(slider.value));
    },
    { signal },
  );
  on(
    slider,
    "keydown",
    (event) => {
      const by = STEPS[event.key];
      if (by === undefined || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      step(by);
    },
    { signal },
  );
  on(
    scale,
    "click",
    (event) => {
      const tick = closest(event, "[data-probe]");
      if (tick) glide.to(Number(tick.dataset.probe), GLIDE_MS);
    },
    { signal },
  );
  on(
    play,
    "click",
    () => {
      if (glide.playing) glide.stop();
      else glide.play(last, PLAY_MS_A_PROBE);
      paintPlay();
    },
    { signal },
  );

  on(signal, "abort", glide.stop);
  paintOnChange(context, () => {
    context.layout.value;
    paint();
  });

  const row = h(
    "div",
    { class: "axis-row" },
    play,
    h("div", { class: "axis" }, slider, decided.element, scale),
  );
  return {
    element: h(
      "div",
      { class: "probe-axis" },
      row,
      h("div", { class: "axis-words" }, kept, decided.words),
    ),
    step,
  };
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
};

interface Glide {
  readonly playing: boolean;
  /** Where a step under way will end, so that the next one goes on from there. */
  readonly target: number | null;
  to(probe: number, ms: number): void;
  play(last: number, msAProbe: number): void;
  stop(): void;
}

/** Moves the store's probe over time; with reduced motion it jumps, one probe at a time. */
function createGlide(store: Store): Glide {
  let frame = 0;
  let playing = false;
  let target: number | null = null;

  function stop(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    playing = false;
    target = null;
  }

  function run(place: (elapsed: number) => number, end: number, ms: number): void {
    const start = performance.now();
    const advance = (now: number) => {
      const elapsed = Math.max(0, now - start);
      const done = elapsed >= ms;
      if (done) stop();
      store.setProbe(done ? end : place(elapsed));
      if (!done) frame = requestAnimationFrame(advance);
    };
    frame = requestAnimationFrame(advance);
  }

  return {
    get playing() {
      return playing;
    },
    get target() {
      return target;
    },
    stop,
    to(probe, ms) {
      stop();
      const from = store.probe;
      if (prefersLessMotion()) {
        store.setProbe(probe);
        return;
      }
      target = probe;
      run((elapsed) => from + (probe - from) * ease(elapsed / ms), probe, ms);
    },
    play(last, msAProbe) {
      stop();
      if (store.probe >= last) store.setProbe(0);
      const from = store.probe;
      const calm = prefersLessMotion();
      playing = last > from;
      const place = (elapsed: number) => Math.max(from, rest(from + elapsed / msAProbe));
      const jump = (elapsed: number) => Math.floor(from + elapsed / msAProbe);
      if (playing) run(calm ? jump : place, last, (last - from) * msAProbe);
    },
  };
}

/** Passes through whole probes slowly and between them quickly, so that each map can be seen. */
function rest(probe: number): number {
  return Math.floor(probe) + ease(Math.max(0, (probe % 1) - 0.35) / 0.65);
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}

function prefersLessMotion(): boolean {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}

function probeText(probes: readonly string[], probe: number): string {
  const [before, after] = [probes[Math.floor(probe)], probes[Math.ceil(probe)]];
  return before === after ? (before ?? "") : `between ${before} and ${after}`;
}

/** Show as many names as fit side by side: the current one, both ends, then the rest in order. */
function placeTicks(ticks: readonly HTMLElement[], current: number, width: number): void {
  const last = ticks.length - 1;
  const most = Math.min(MOST_PX, width);
  const taken: Span[] = [];
  for (const i of new Set([current, 0, last, ...ticks.keys()])) {
    const tick = ticks[i];
    if (!tick) continue;
    const share = last > 0 ? i / last : 0.5;
    const size = Math.min(most, (tick.textContent ?? "").length * LETTER_PX);
    const span = spanOf(share * width, size, width);
    const fits = taken.every(({ from, to }) => span.to < from || span.from > to);
    if (fits) taken.push(span);
    tick.style.left = `${100 * share}%`;
    tick.style.setProperty("--dv-most", `${most}px`);
    tick.style.setProperty("--dv-shift", `${fits ? span.shift : 0}px`);
    setAttribute(tick, "data-quiet", !fits);
    setAttribute(tick, "data-current", i === current);
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
  /** How far the name is moved off the middle of its tick, to stay on the axis. */
  readonly shift: number;
}

function spanOf(at: number, size: number, width: number): Span {
  const from = Math.max(0, Math.min(at - size / 2, width - size));
  return { from: from - GAP_PX, to: from + size + GAP_PX, shift: from + size / 2 - at };
}

/**
 * The axis of probes under the map: a slider that scrubs the points from probe to probe, with a tick a probe.
 *
 * Steps glide, unless the person asked for less motion. Names that would overlap are left out, the current one never.
 */
import type { Store } from "../store/store";
import { h, setAttribute, setText } from "./dom";
import type { Change, Stage, View } from "./stage";

export interface ProbeAxis extends View {
  step(by: number): void;
}

const GLIDE_MS = 320;
const PLAY_MS_A_PROBE = 1100;
const LETTER_PX = 6.6;

export function createProbeAxis({ store, signal }: Stage): ProbeAxis {
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
    h("span", { class: "tick", "data-probe": i, title: name }, name),
  );
  const scale = h("div", { class: "ticks", "aria-hidden": "true" }, ...ticks);
  const play = h("button", { type: "button", class: "icon", "aria-label": "Play", title: "Play" });
  const kept = h("span", { class: "kept" });

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
    setText(kept, keptText(store, nearest));
    paintPlay();
  }

  function paintPlay(): void {
    setText(play, glide.playing ? "❚❚" : "▶");
    setAttribute(play, "aria-pressed", String(glide.playing));
  }

  slider.addEventListener(
    "input",
    () => {
      glide.stop();
      store.setProbe(Number(slider.value));
    },
    { signal },
  );
  slider.addEventListener(
    "keydown",
    (event) => {
      const by = STEPS[event.key];
      if (by === undefined || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      step(by);
    },
    { signal },
  );
  scale.addEventListener(
    "click",
    (event) => {
      const at = event.target instanceof Element ? event.target.getAttribute("data-probe") : null;
      if (at !== null) glide.to(Number(at), GLIDE_MS);
    },
    { signal },
  );
  play.addEventListener(
    "click",
    () => {
      if (glide.playing) glide.stop();
      else glide.play(last, PLAY_MS_A_PROBE);
      paintPlay();
    },
    { signal },
  );

  const row = h("div", { class: "axis-row" }, play, h("div", { class: "axis" }, slider, scale));
  return {
    element: h("div", { class: "probe-axis" }, row, kept),
    step,
    update(changed: ReadonlySet<Change>) {
      if (changed.has("probe") || changed.has("size")) paint();
    },
    dispose: () => glide.stop(),
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

function keptText(store: Store, probe: number): string {
  const share = store.manifest.map?.neighbors_kept?.[probe];
  if (share === undefined || share === null) return "";
  return `map keeps ${Math.round(share * 100)} % of neighbors`;
}

/** Show as many names as fit side by side: the current one, both ends, then the rest in order. */
function placeTicks(ticks: readonly HTMLElement[], current: number, width: number): void {
  const last = ticks.length - 1;
  const taken: [number, number][] = [];
  const order = [current, 0, last, ...ticks.keys()];
  const seen = new Set<number>();
  for (const i of order) {
    const tick = ticks[i];
    if (!tick || seen.has(i)) continue;
    seen.add(i);
    tick.style.left = `${last > 0 ? (100 * i) / last : 50}%`;
    const span = spanOf(i, last, (tick.textContent ?? "").length * LETTER_PX, width);
    const fits = i === current || taken.every(([from, to]) => span[1] < from || span[0] > to);
    if (fits) taken.push(span);
    setAttribute(tick, "data-quiet", !fits);
    setAttribute(tick, "data-current", i === current);
    setAttribute(tick, "data-end", i === 0 ? "first" : i === last ? "last" : undefined);
  }
}

/** Where a name lies in pixels: those at the ends are aligned inwards, the others centered on their tick. */
function spanOf(i: number, last: number, size: number, width: number): [number, number] {
  const at = last > 0 ? (width * i) / last : width / 2;
  if (i === 0 && last > 0) return [at, at + size + 8];
  if (i === last && last > 0) return [at - size - 8, at];
  return [at - size / 2 - 4, at + size / 2 + 4];
}

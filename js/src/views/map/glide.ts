/**
 * Moves the probe of a store over time; with reduced motion it jumps, one probe at a time.
 */
import type { Store } from "../../store/store";

export interface Glide {
  /** Whether all probes are being played. */
  readonly playing: boolean;
  /** Where a step under way will end, so that the next one goes on from there. */
  readonly target: number | null;
  to(probe: number): void;
  /** Go to the last probe, from the first one where it is there already. */
  play(last: number): void;
  stop(): void;
}

const STEP_MS = 320;
const PLAY_MS_A_PROBE = 1100;

export function createGlide(store: Store): Glide {
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
    to(probe) {
      stop();
      const from = store.probe;
      if (prefersReducedMotion()) {
        store.setProbe(probe);
        return;
      }
      target = probe;
      run((elapsed) => from + (probe - from) * ease(elapsed / STEP_MS), probe, STEP_MS);
    },
    play(last) {
      stop();
      if (store.probe >= last) store.setProbe(0);
      const from = store.probe;
      playing = last > from;
      const calm = prefersReducedMotion();
      const slide = (probe: number) => Math.max(from, slowAtProbes(probe));
      const place = calm ? Math.floor : slide;
      const ms = (last - from) * PLAY_MS_A_PROBE;
      if (playing) run((elapsed) => place(from + elapsed / PLAY_MS_A_PROBE), last, ms);
    },
  };
}

/** Passes through whole probes slowly and between them quickly, so that each map can be seen. */
function slowAtProbes(probe: number): number {
  return Math.floor(probe) + ease(Math.max(0, (probe % 1) - 0.35) / 0.65);
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}

function prefersReducedMotion(): boolean {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}

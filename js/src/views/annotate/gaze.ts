/**
 * Gaze: whether the example that is decided on has been seen, and for how long.
 *
 * A decision is about what a person saw: before the first frame with the picture of an example nothing can be decided of it, and the
 * time runs from there.
 */
import { on } from "../parts/interaction";
import { paintOnChange, type ViewContext } from "../parts/view";

export interface Gaze {
  /** Whether this example is the one that is watched, and has been drawn. */
  sees(index: number): boolean;
  /** Seconds since its first frame. */
  readonly seconds: number;
}

/** Watch one example after another; `isDrawn` is asked once a frame until it says so. */
export function createGaze(
  context: ViewContext,
  watch: () => number | null,
  isDrawn: (index: number) => boolean,
): Gaze {
  let watched: number | null = null;
  let since: number | null = null;
  let frame = 0;

  /** No key comes between this callback and the drawing of the frame that it belongs to. */
  function look(): void {
    frame = 0;
    if (watched === null) return;
    if (isDrawn(watched)) since = performance.now();
    else frame = requestAnimationFrame(look);
  }

  paintOnChange(context, () => {
    const index = watch();
    if (index === watched) return;
    watched = index;
    since = null;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(look);
  });
  on(context.signal, "abort", () => cancelAnimationFrame(frame), { once: true });
  return {
    sees: (index) => index === watched && since !== null,
    get seconds() {
      return since === null ? 0 : (performance.now() - since) / 1000;
    },
  };
}

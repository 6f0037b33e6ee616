/**
 * Gaze: whether the example in focus has been seen, and for how long.
 *
 * A decision is about what a person saw: before the first frame with the picture of an example nothing can be decided of it, and the
 * time runs from there.
 */
import { on } from "../parts/interaction";
import { paintOnChange, type ViewContext } from "../parts/view";

export interface Gaze {
  /** Whether this example is the one in focus, and has been drawn. */
  sees(index: number | null): index is number;
  /** Seconds since its first frame. */
  readonly seconds: number;
}

/** `isDrawn` is asked once a frame until it says so. */
export function createGaze(context: ViewContext, isDrawn: (index: number) => boolean): Gaze {
  const { store, signal } = context;
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
    if (store.focus === watched) return;
    watched = store.focus;
    since = null;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(look);
  });
  on(signal, "abort", () => cancelAnimationFrame(frame), { once: true });
  return {
    sees: (index): index is number => index !== null && index === watched && since !== null,
    get seconds() {
      return since === null ? 0 : (performance.now() - since) / 1000;
    },
  };
}

/**
 * A canvas that always shows the latest picture, drawn by whichever painter can.
 *
 * It draws at most once an animation frame and only while it is seen. WebGL2 is taken when first needed; where
 * there is none the same canvas is painted through Canvas2D. While a GL context is away, a second canvas below shows
 * through: with a copy of the last picture if the context was released unseen, or painted anew if it was lost.
 */

import { createCanvas2dPainter } from "./canvas2d";
import type { Frame, Painter } from "./frame";
import { type GlContext, hasWebgl2, takeGlContext } from "./gl_context";
import { createWebgl2Painter } from "./webgl2";

export interface SurfaceOptions {
  readonly forceCanvas2d: boolean;
  /** What to draw now; null where there is no room to draw. */
  readonly nextFrame: () => Frame | null;
}

export class Surface {
  readonly #canvas: HTMLCanvasElement;
  readonly #options: SurfaceOptions;
  readonly #resizes = new ResizeObserver(() => this.requestDraw());
  readonly #sightings = new IntersectionObserver((entries) => this.#onSight(entries), {
    rootMargin: "50%",
  });
  #renderer: "webgl2" | "canvas2d";
  #context: GlContext | null = null;
  #painter: Painter | null = null;
  #backdrop: HTMLCanvasElement | null = null;
  #backdropPainter: Painter | null = null;
  #seen = false;
  #pending = 0;
  #disposed = false;

  constructor(canvas: HTMLCanvasElement, options: SurfaceOptions) {
    this.#canvas = canvas;
    this.#options = options;
    this.#renderer = !options.forceCanvas2d && hasWebgl2() ? "webgl2" : "canvas2d";
    this.#resizes.observe(canvas);
    this.#sightings.observe(canvas);
  }

  get renderer(): "webgl2" | "canvas2d" {
    return this.#renderer;
  }

  requestDraw(): void {
    if (this.#disposed || this.#pending) return;
    this.#pending = requestAnimationFrame(() => {
      this.#pending = 0;
      this.#draw();
    });
  }

  dispose(): void {
    this.#disposed = true;
    cancelAnimationFrame(this.#pending);
    this.#resizes.disconnect();
    this.#sightings.disconnect();
    this.#context?.dispose();
    this.#dropBackdrop();
  }

  #draw(): void {
    const frame = this.#seen ? this.#options.nextFrame() : null;
    if (!frame) return;
    const painter = this.#currentPainter();
    if (painter) {
      painter.paint(frame);
      this.#dropBackdrop();
    } else if (this.#context && !this.#context.released) {
      this.#paintBackdrop(frame);
    }
  }

  #currentPainter(): Painter | null {
    if (this.#renderer === "webgl2")
      this.#context ??= takeGlContext(this.#canvas, () => this.#onContextChange());
    if (!this.#context) return this.#canvas2dPainter();
    const gl = this.#context.live();
    if (!gl) return null;
    this.#painter ??= createWebgl2Painter(gl);
    return this.#painter;
  }

  #canvas2dPainter(): Painter | null {
    this.#renderer = "canvas2d";
    const context = this.#painter ? null : this.#canvas.getContext("2d");
    if (context) this.#painter = createCanvas2dPainter(context);
    return this.#painter;
  }

  #onContextChange(): void {
    this.#painter = null;
    this.requestDraw();
  }

  #onSight(entries: IntersectionObserverEntry[]): void {
    this.#seen = entries.at(-1)?.isIntersecting ?? false;
    if (this.#seen) {
      this.#context?.want();
      this.requestDraw();
    } else if (this.#context?.live()) {
      this.#keepPicture();
      this.#context.release();
    }
  }

  /** A GL canvas can only be copied right after drawing: its pixels do not outlive the task. */
  #keepPicture(): void {
    const frame = this.#options.nextFrame();
    if (!frame || !this.#painter) return;
    this.#painter.paint(frame);
    const backdrop = this.#layBackdrop();
    backdrop.width = frame.width;
    backdrop.height = frame.height;
    backdrop.getContext("2d")?.drawImage(this.#canvas, 0, 0);
  }

  #paintBackdrop(frame: Frame): void {
    const context = this.#layBackdrop().getContext("2d");
    if (context) this.#backdropPainter ??= createCanvas2dPainter(context);
    this.#backdropPainter?.paint(frame);
  }

  #layBackdrop(): HTMLCanvasElement {
    if (this.#backdrop) return this.#backdrop;
    this.#backdrop = document.createElement("canvas");
    this.#backdrop.ariaHidden = "true";
    Object.assign(this.#backdrop.style, {
      position: "absolute",
      inset: "0",
      width: "100%",
      height: "100%",
    });
    this.#canvas.before(this.#backdrop);
    return this.#backdrop;
  }

  #dropBackdrop(): void {
    this.#backdrop?.remove();
    this.#backdrop = null;
    this.#backdropPainter = null;
  }
}

/**
 * A canvas that always shows the latest picture, drawn by whichever painter can.
 *
 * It draws at most once an animation frame and only while it is seen. WebGL2 is taken when first
 * needed; where there is none, or one that a processor emulates (measured at 60,000 and 200,000
 * points: our own pixels are several times as fast there), the same canvas is painted through
 * Canvas2D. Unseen, the GL context
 * is released and a copy of the picture stays; lost, a stand-in is painted until it is back.
 */

import { createCanvas2dPainter } from "./canvas2d";
import type { Frame, Painter } from "./frame";
import { type GlContext, glKind, takeGlContext } from "./gl_context";
import { StandIn } from "./stand_in";
import { createWebgl2Painter } from "./webgl2";

export interface SurfaceOptions {
  /** Which painter draws; chosen by what the browser has where it is left open. */
  readonly renderer?: Renderer | undefined;
  /** What to draw now; null where there is no room to draw. */
  readonly nextFrame: () => Frame | null;
  /** Called after each drawing. */
  readonly onDrawn: () => void;
}

export type Renderer = "webgl2" | "canvas2d";

/** Drawn a little before they scroll into sight. */
const SIGHT: IntersectionObserverInit = { rootMargin: "50%" };

export class Surface {
  readonly #canvas: HTMLCanvasElement;
  readonly #standIn: StandIn;
  readonly #options: SurfaceOptions;
  readonly #resizes = new ResizeObserver(() => {
    if (sizeOf(this.#canvas) !== this.#drawn) this.requestDraw();
  });
  readonly #sightings = new IntersectionObserver((entries) => this.#onSight(entries), SIGHT);
  #renderer: Renderer;
  #context: GlContext | null = null;
  #painter: Painter | null = null;
  #seen = false;
  /** The size that was drawn last. */
  #drawn = "";
  #pending = 0;
  #disposed = false;

  constructor(canvas: HTMLCanvasElement, options: SurfaceOptions) {
    this.#canvas = canvas;
    this.#standIn = new StandIn(canvas);
    this.#options = options;
    this.#renderer = chooseRenderer(options.renderer);
    this.#resizes.observe(canvas);
    this.#sightings.observe(canvas);
  }

  get renderer(): Renderer {
    return this.#renderer;
  }

  requestDraw(): void {
    if (this.#disposed || this.#pending) return;
    this.#pending = requestAnimationFrame(() => {
      this.#pending = 0;
      this.#draw();
    });
  }

  /** Draw what was asked for at once where the canvas is in sight: the first points of a page wait for no further frame. */
  drawNow(): void {
    if (!this.#pending) return;
    cancelAnimationFrame(this.#pending);
    this.#pending = 0;
    this.#seen ||= isInSight(this.#canvas);
    this.#draw();
  }

  dispose(): void {
    this.#disposed = true;
    cancelAnimationFrame(this.#pending);
    this.#resizes.disconnect();
    this.#sightings.disconnect();
    this.#context?.dispose();
    this.#standIn.drop();
  }

  #draw(): void {
    const frame = this.#seen ? this.#options.nextFrame() : null;
    if (!frame) return;
    const painter = this.#currentPainter();
    painter.paint(frame);
    this.#drawn = sizeOf(this.#canvas);
    if (painter !== this.#standIn) this.#standIn.drop();
    this.#options.onDrawn();
  }

  #currentPainter(): Painter {
    if (this.#renderer === "canvas2d") return this.#canvas2dPainter();
    this.#context ??= takeGlContext(this.#canvas, () => this.#onContextChange());
    if (!this.#context) return this.#canvas2dPainter();
    const gl = this.#context.live();
    return gl ? this.#webgl2Painter(gl) : this.#standIn;
  }

  #webgl2Painter(gl: WebGL2RenderingContext): Painter {
    try {
      this.#painter ??= createWebgl2Painter(gl);
      return this.#painter;
    } catch (error) {
      if (gl.isContextLost()) return this.#standIn;
      console.error("depthviz: WebGL2 does not run here, Canvas2D draws instead.", error);
      return this.#canvas2dPainter();
    }
  }

  /** A canvas that has had a GL context has no other: then the stand-in is painted for good. */
  #canvas2dPainter(): Painter {
    this.#renderer = "canvas2d";
    const context = this.#painter ? null : this.#canvas.getContext("2d");
    this.#painter ??= context ? createCanvas2dPainter(context) : this.#standIn;
    return this.#painter;
  }

  #onContextChange(): void {
    if (this.#renderer !== "webgl2") return;
    this.#painter = null;
    this.requestDraw();
  }

  #onSight(entries: IntersectionObserverEntry[]): void {
    const before = this.#seen;
    this.#seen = entries.at(-1)?.isIntersecting ?? false;
    if (this.#seen) {
      this.#context?.want();
      if (!before) this.requestDraw();
    } else if (this.#context?.live()) {
      this.#keepPicture();
      this.#context.release();
    }
  }

  #keepPicture(): void {
    const frame = this.#options.nextFrame();
    if (!frame || this.#renderer !== "webgl2" || !this.#painter) return;
    this.#painter.paint(frame);
    this.#standIn.copy();
  }
}

function sizeOf({ clientWidth, clientHeight }: HTMLElement): string {
  return `${clientWidth} ${clientHeight}`;
}

function isInSight(element: HTMLElement): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight && bottom > top;
}

function chooseRenderer(wanted: Renderer | undefined): Renderer {
  if (wanted === "canvas2d") return wanted;
  const kind = glKind();
  return kind === "hardware" || (wanted && kind !== "none") ? "webgl2" : "canvas2d";
}

/**
 * A second canvas that covers the first while its GL context is away.
 *
 * Browsers show a lost canvas blank or with a broken sign. The stand-in shows a copy of its last
 * picture, or paints anew through Canvas2D. It is laid when first needed, leaves the pointer to the
 * canvas below, and goes when dropped.
 */

import { createCanvas2dPainter } from "./canvas2d";
import type { Frame, Painter } from "./frame";

export class StandIn implements Painter {
  readonly #below: HTMLCanvasElement;
  #canvas: HTMLCanvasElement | null = null;
  #painter: Painter | null = null;

  constructor(below: HTMLCanvasElement) {
    this.#below = below;
  }

  paint(frame: Frame): void {
    const context = this.#laid().getContext("2d");
    if (context) this.#painter ??= createCanvas2dPainter(context);
    this.#painter?.paint(frame);
  }

  /** Copies the canvas below; a GL canvas has pixels to copy only in the task that drew them. */
  copy(): void {
    const canvas = this.#laid();
    canvas.width = this.#below.width;
    canvas.height = this.#below.height;
    canvas.getContext("2d")?.drawImage(this.#below, 0, 0);
  }

  drop(): void {
    this.#canvas?.remove();
    this.#canvas = null;
    this.#painter = null;
  }

  #laid(): HTMLCanvasElement {
    this.#canvas ??= this.#lay();
    return this.#canvas;
  }

  #lay(): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    canvas.ariaHidden = "true";
    Object.assign(canvas.style, { position: "absolute", inset: "0", pointerEvents: "none" });
    Object.assign(canvas.style, { width: "100%", height: "100%" });
    this.#below.after(canvas);
    return canvas;
  }
}

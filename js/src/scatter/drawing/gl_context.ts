/**
 * One WebGL2 context that comes and goes.
 *
 * A browser keeps 8 to 16 contexts alive and silently kills the oldest beyond that, so a context is
 * released while nobody sees it and asked back when somebody does. It may also be lost for reasons
 * of its own; then the browser alone decides when it comes back. Whoever draws asks `live()` each
 * time, and is informed of every change.
 */

export interface GlContext {
  /** The context, or null while it is lost. */
  live(): WebGL2RenderingContext | null;
  want(): void;
  release(): void;
  dispose(): void;
}

const ATTRIBUTES: WebGLContextAttributes = { antialias: false, depth: false };

export type GlKind = "none" | "software" | "hardware";

/** Renderers that draw on the processor: there one call for each point costs more than it saves. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|microsoft basic render/i;

let known: GlKind | undefined;

/** What stands behind this browser's WebGL2, tried once on a canvas that is thrown away. */
export function glKind(): GlKind {
  known ??= tryWebgl2();
  return known;
}

function tryWebgl2(): GlKind {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (!gl) return "none";
  const kind = SOFTWARE.test(rendererName(gl)) ? "software" : "hardware";
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return kind;
}

/** Browsers that hide the name behind an extension give a general one without it. */
function rendererName(gl: WebGL2RenderingContext): string {
  const debug = gl.getExtension("WEBGL_debug_renderer_info");
  return String(gl.getParameter(debug ? debug.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

/** Takes the canvas's context; null if there is none to be had. */
export function takeGlContext(canvas: HTMLCanvasElement, onChange: () => void): GlContext | null {
  const gl = canvas.getContext("webgl2", ATTRIBUTES);
  return gl && new KeptContext(canvas, gl, onChange);
}

class KeptContext implements GlContext {
  readonly #gl: WebGL2RenderingContext;
  readonly #loss: WEBGL_lose_context | null;
  readonly #listening = new AbortController();
  #wanted = true;
  #released = false;
  #mayReturn = false;

  constructor(canvas: HTMLCanvasElement, gl: WebGL2RenderingContext, onChange: () => void) {
    this.#gl = gl;
    this.#loss = gl.getExtension("WEBGL_lose_context");
    const { signal } = this.#listening;
    canvas.addEventListener("webglcontextlost", (event) => this.#onLost(event, onChange), {
      signal,
    });
    canvas.addEventListener("webglcontextrestored", () => this.#onRestored(onChange), { signal });
  }

  live(): WebGL2RenderingContext | null {
    return this.#gl.isContextLost() ? null : this.#gl;
  }

  want(): void {
    this.#wanted = true;
    if (!this.#released || !this.#mayReturn) return;
    this.#mayReturn = false;
    this.#loss?.restoreContext();
  }

  release(): void {
    this.#wanted = false;
    if (this.#released || !this.#loss || this.#gl.isContextLost()) return;
    this.#released = true;
    this.#loss.loseContext();
  }

  dispose(): void {
    this.#listening.abort();
    if (!this.#gl.isContextLost()) this.#loss?.loseContext();
  }

  #onLost(event: Event, onChange: () => void): void {
    event.preventDefault();
    onChange();
    // A context may be asked back only after its loss has been reported to everybody.
    setTimeout(() => {
      this.#mayReturn = !this.#listening.signal.aborted;
      if (this.#mayReturn && this.#wanted) this.want();
    });
  }

  #onRestored(onChange: () => void): void {
    this.#released = false;
    this.#mayReturn = false;
    if (this.#wanted) onChange();
    else this.release();
  }
}

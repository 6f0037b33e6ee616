import { beforeEach, expect, test, vi } from "vitest";
import { type GlContext, takeGlContext } from "../../../src/scatter/drawing/gl_context";

/** A context that is as strict as browsers are about when it may be lost and restored. */
class FakeGl {
  readonly canvas = document.createElement("canvas");
  lost = false;
  restores = 0;
  #mayReturn = false;

  isContextLost(): boolean {
    return this.lost;
  }

  getExtension() {
    return { loseContext: () => this.lose(), restoreContext: () => this.restore() };
  }

  lose(): void {
    if (this.lost) throw new Error("lost already");
    this.lost = true;
    setTimeout(() => {
      const event = new Event("webglcontextlost", { cancelable: true });
      this.#mayReturn = !this.canvas.dispatchEvent(event);
    });
  }

  restore(): void {
    if (!this.lost || !this.#mayReturn) throw new Error("restoration not allowed");
    this.#mayReturn = false;
    this.restores += 1;
    setTimeout(() => {
      this.lost = false;
      this.canvas.dispatchEvent(new Event("webglcontextrestored"));
    });
  }
}

let gl: FakeGl;
let onChange: ReturnType<typeof vi.fn<() => void>>;
let context: GlContext;

beforeEach(() => {
  vi.useFakeTimers();
  gl = new FakeGl();
  onChange = vi.fn<() => void>();
  vi.spyOn(gl.canvas, "getContext").mockReturnValue(gl as never);
  context = takeGlContext(gl.canvas, onChange) as GlContext;
});

test("a canvas that gives no context yields none", () => {
  vi.spyOn(gl.canvas, "getContext").mockReturnValue(null);
  expect(takeGlContext(gl.canvas, onChange)).toBe(null);
});

test("a released context is away until it is wanted", () => {
  expect(context.live()).toBe(gl);
  context.release();
  vi.runAllTimers();
  expect(context.live()).toBe(null);
  context.want();
  vi.runAllTimers();
  expect(context.live()).toBe(gl);
  expect(onChange).toHaveBeenCalledTimes(2);
});

test("a context wanted before its loss was told comes back all the same", () => {
  context.release();
  context.want();
  vi.runAllTimers();
  expect(context.live()).toBe(gl);
});

test("a context released again while it comes back stays away", () => {
  context.release();
  vi.runAllTimers();
  context.want();
  context.release();
  vi.runAllTimers();
  expect(context.live()).toBe(null);
  context.want();
  vi.runAllTimers();
  expect(context.live()).toBe(gl);
});

test("a context lost by accident is left to the browser, and told when it is back", () => {
  gl.lose();
  vi.runAllTimers();
  context.want();
  vi.runAllTimers();
  expect(gl.restores).toBe(0);
  expect(context.live()).toBe(null);
  gl.restore();
  vi.runAllTimers();
  expect(context.live()).toBe(gl);
  expect(onChange).toHaveBeenCalledTimes(2);
});

test("dispose loses the context for good", () => {
  context.dispose();
  vi.runAllTimers();
  context.want();
  vi.runAllTimers();
  expect(gl.lost).toBe(true);
  expect(onChange).not.toHaveBeenCalled();
});

/** The module remembers what it found, so each name is told to a fresh one. */
async function kindFor(renderer: string | null): Promise<string> {
  vi.resetModules();
  const { glKind } = await import("../../../src/scatter/drawing/gl_context");
  const tried = {
    RENDERER: 1,
    getExtension: (name: string) =>
      name === "WEBGL_debug_renderer_info" ? { UNMASKED_RENDERER_WEBGL: 2 } : { loseContext() {} },
    getParameter: (which: number) => (which === 2 ? renderer : "WebKit WebGL"),
  };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(
    renderer === null ? null : (tried as never),
  );
  return glKind();
}

test.each([
  [null, "none"],
  ["ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)", "software"],
  ["llvmpipe (LLVM 15.0.6, 256 bits)", "software"],
  ["Microsoft Basic Render Driver", "software"],
  ["ANGLE (Intel, Mesa Intel(R) UHD Graphics 620, OpenGL 4.6)", "hardware"],
  ["Apple GPU", "hardware"],
])("behind WebGL2 of %s is %s", async (renderer, kind) => {
  expect(await kindFor(renderer)).toBe(kind);
});

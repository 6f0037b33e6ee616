/**
 * Stand-ins for what surrounds a view: a kernel's model, animation frames, picture decoding, the scatter.
 */
import { vi } from "vitest";
import type { ModelCallback, WidgetModel } from "../src/hosts/kernel/widget_model";
import type { Scatter, ScatterEvents } from "../src/scatter";
import type { Study } from "./study";

interface Again {
  readonly written: { readonly page: string; readonly number: number };
  readonly ui_state: unknown;
}

/** A model whose kernel answers every pull at once, in pieces, until it is told to be silent. */
export class FakeModel implements WidgetModel {
  readonly values: Map<string, unknown>;
  readonly sent: { id: number; name: string; offset: number }[] = [];
  /** What the page wrote again, since it had no answer. */
  readonly again: (Again & { selection: number[] })[] = [];
  readonly listeners = new Map<string, Set<ModelCallback>>();
  saves = 0;
  silent = false;
  refusal = "";
  comm_live?: boolean;
  pieceBytes = 2 ** 22;

  constructor(
    readonly study: Study,
    sessionId = "session",
  ) {
    this.values = new Map<string, unknown>([
      ["_manifest", study.manifest],
      ["_selection", new DataView(new ArrayBuffer(0))],
      ["_ui_state", {}],
      ["_session_id", sessionId],
      ["_height", 720],
    ]);
  }

  get(name: string): unknown {
    return this.values.get(name);
  }

  set(name: string, value: unknown): void {
    this.values.set(name, value);
  }

  /** What Python does when it sets a trait. */
  setFromPython(name: string, value: unknown): void {
    this.set(name, value);
    this.emit(`change:${name}`);
  }

  save_changes(): void {
    this.saves++;
    if (!this.silent) this.hear(this.get("_written"));
  }

  /** What Python answers to a write that it has got. */
  hear(written: unknown): void {
    this.emit("msg:custom", { type: "heard", ...(written as object) });
  }

  send(content: unknown, _callbacks?: undefined, buffers?: readonly ArrayBuffer[]): void {
    if ((content as { type: string }).type === "write") {
      this.again.push({
        ...(content as Again),
        selection: [...new Uint8Array(buffers?.[0] ?? [])],
      });
      return;
    }
    const pull = content as { id: number; name: string; offset: number };
    this.sent.push(pull);
    if (!this.silent) queueMicrotask(() => this.answer(pull));
  }

  answer({ id, name, offset }: { id: number; name: string; offset: number }): void {
    if (this.refusal) {
      this.emit("msg:custom", { type: "refused", id, reason: this.refusal });
      return;
    }
    const bytes = this.study.chunks[name] ?? new Uint8Array(0);
    const piece = bytes.slice(offset, offset + this.pieceBytes);
    const message = { type: "chunk", id, name, offset, total: bytes.length };
    this.emit("msg:custom", message, [new DataView(piece.buffer)]);
  }

  on(name: string, callback: ModelCallback): void {
    const listeners = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, listeners.add(callback));
  }

  off(name: string, callback: ModelCallback): void {
    this.listeners.get(name)?.delete(callback);
  }

  get listenerCount(): number {
    return [...this.listeners.values()].reduce((count, set) => count + set.size, 0);
  }

  /** What ipywidgets does when the kernel restarts: from then on nothing can be sent. */
  loseKernel(): void {
    this.send = () => {
      throw new Error("Cannot send");
    };
    this.emit("comm_live_update");
  }

  /** What ipywidgets does when the way to the kernel is open again. */
  findKernel(): void {
    this.comm_live = true;
    this.emit("comm_live_update");
  }

  /** A message from Python. */
  tell(message: object): void {
    this.emit("msg:custom", message);
  }

  private emit(name: string, message?: unknown, buffers?: readonly DataView[]): void {
    for (const listener of [...(this.listeners.get(name) ?? [])]) listener(message, buffers);
  }
}

/** Animation frames that are drawn when the test says so, by a clock that nothing else moves. */
export class FakeFrames {
  readonly waiting = new Map<number, FrameRequestCallback>();
  #next = 1;
  #now = 0;

  constructor() {
    vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => {
      this.waiting.set(this.#next, callback);
      return this.#next++;
    });
    vi.stubGlobal("cancelAnimationFrame", (id: number) => this.waiting.delete(id));
    vi.spyOn(performance, "now").mockImplementation(() => this.#now);
  }

  draw(ms = 16): void {
    this.#now += ms;
    const due = [...this.waiting.values()];
    this.waiting.clear();
    for (const callback of due) callback(this.#now);
  }
}

/** Let promises that are already decided run to their end, and draw what they asked for. */
export async function settle(frames: FakeFrames): Promise<void> {
  for (let i = 0; i < 12; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    frames.draw();
  }
}

export interface FakeBitmaps {
  open: number;
}

export function fakeBitmaps(): FakeBitmaps {
  const bitmaps = { open: 0 };
  vi.stubGlobal("createImageBitmap", async () => {
    bitmaps.open++;
    return { width: 256, height: 8, close: () => bitmaps.open-- };
  });
  return bitmaps;
}

/** Give every element a size, which happy-dom does not. */
export function fakeSizes(width: number, height: number): void {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(width);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(height);
}

export interface FakeScatter extends Scatter {
  readonly events: ScatterEvents;
  readonly calls: Record<string, unknown[]>;
  disposed: boolean;
}

export const scatters: FakeScatter[] = [];

/** A scatter that draws nothing and remembers the last of every call. */
export function createFakeScatter(parent: HTMLElement, events: ScatterEvents): FakeScatter {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("data-depthviz-canvas", "");
  parent.append(canvas);
  const calls: Record<string, unknown[]> = {};
  const note =
    (name: string, needsPositions = false) =>
    (...args: unknown[]) => {
      if (needsPositions && !calls.setPositions) throw new Error(`${name} before setPositions`);
      calls[name] = args;
    };
  const scatter: FakeScatter = {
    canvas,
    renderer: "canvas2d",
    events,
    calls,
    disposed: false,
    setPositions: note("setPositions"),
    setProbe: note("setProbe"),
    setColors: note("setColors", true),
    setStates: note("setStates", true),
    setShapes: note("setShapes", true),
    setTheme: note("setTheme"),
    setTool: note("setTool"),
    drawNow: note("drawNow"),
    zoomBy: note("zoomBy"),
    panBy: note("panBy"),
    resetView: note("resetView"),
    screenPosition: (index, probe = 0) => ({ x: 10 + index, y: 10 + 10 * probe }),
    onScreen: ({ x, y }) => ({ x: 300 * x, y: 200 * (1 - y) }),
    measures: { width: 300, height: 200, point: 6 },
    zoom: 1,
    hovered: null,
    inSight: () => new Uint32Array(0),
    addLayer: () => parent.appendChild(document.createElement("canvas")),
    dispose() {
      scatter.disposed = true;
      canvas.remove();
    },
  };
  scatters.push(scatter);
  return scatter;
}

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Host } from "../../../src/hosts/host";
import widget from "../../../src/index";
import type { Session } from "../../../src/session";
import type { Store } from "../../../src/store/store";
import { FakeFrames, FakeModel, fakeBitmaps, fakeSizes, scatters, settle } from "../../fakes";
import { makeStudy } from "../../study";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

let frames: FakeFrames;

beforeEach(() => {
  frames = new FakeFrames();
  fakeSizes(1000, 600);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test("the clean-up leaves no listener, observer, frame, picture, scatter, sheet or session", async () => {
  const listeners = countListeners();
  const observers = countObservers();
  const bitmaps = fakeBitmaps();
  const urls = vi.spyOn(URL, "createObjectURL");
  const sheets = document.adoptedStyleSheets.length;
  const model = new FakeModel(makeStudy(), "to be cleaned up");
  const el = document.createElement("div");
  document.body.append(el);

  const cleanUp = widget.render({ model, el });
  await settle(frames);
  el.querySelector<HTMLElement>("[data-example-id]")?.click();
  frames.draw();
  expect(listeners.open()).toBeGreaterThan(10);
  expect(observers.open()).toBeGreaterThan(2);
  expect(bitmaps.open).toBe(1);
  expect(document.adoptedStyleSheets.length).toBe(sheets + 1);

  cleanUp();
  cleanUp();
  expect(listeners.open()).toBe(0);
  expect(observers.open()).toBe(0);
  expect(frames.waiting.size).toBe(0);
  expect(bitmaps.open).toBe(0);
  expect(scatters.every((scatter) => scatter.disposed)).toBe(true);
  expect(model.listenerCount).toBe(0);
  expect(document.adoptedStyleSheets.length).toBe(sheets);
  expect(registrySize()).toBe(0);
  expect(urls).not.toHaveBeenCalled();
  expect(el.childElementCount).toBe(0);
});

test("closing a view while its study is still loading leaves nothing either", async () => {
  const listeners = countListeners();
  const observers = countObservers();
  const model = new FakeModel(makeStudy(), "closed early");
  model.silent = true;
  const el = document.createElement("div");
  const cleanUp = widget.render({ model, el });
  cleanUp();
  await settle(frames);
  expect([listeners.open(), observers.open(), registrySize(), el.childElementCount]).toEqual([
    0, 0, 0, 0,
  ]);
});

test("a closed view draws no more, whatever is done to the store that it was of", async () => {
  fakeBitmaps();
  const elements = [document.createElement("div"), document.createElement("div")] as const;
  const study = makeStudy();
  const open = (el: HTMLElement) => widget.render({ model: new FakeModel(study, "shared"), el });
  const [closeFirst, closeSecond] = [open(elements[0]), open(elements[1])];
  await settle(frames);
  const store = await storeOf("shared");
  closeFirst();
  store.setProbe(1);
  store.setHighlight(2);
  expect(frames.waiting.size).toBe(1);
  closeSecond();
  expect(frames.waiting.size).toBe(0);
  store.setProbe(0);
  store.select([3], "replace");
  store.setFilter("label", [0]);
  await settle(frames);
  expect(frames.waiting.size).toBe(0);
});

test("closing a view whose kernel is gone leaves nothing in the page", async () => {
  const listeners = countListeners();
  fakeBitmaps();
  const model = new FakeModel(makeStudy(), "dead");
  const el = document.createElement("div");
  const cleanUp = widget.render({ model, el });
  await settle(frames);
  el.querySelector<HTMLElement>("[data-example-id]")?.click();
  model.save_changes = () => {
    throw new Error("Kernel is dead");
  };
  expect(cleanUp).not.toThrow();
  expect([listeners.open(), registrySize(), el.childElementCount]).toEqual([0, 0, 0]);
});

function storeOf(id: string): Promise<Store> {
  const shared = globalThis as unknown as Record<
    symbol,
    Map<string, { value: Session }> | undefined
  >;
  const session = shared[Symbol.for("depthviz/1")]?.get(id)?.value;
  if (!session) throw new Error(`no session ${id}`);
  return session.open({} as Host);
}

function registrySize(): number {
  const shared = globalThis as unknown as Record<symbol, Map<string, unknown> | undefined>;
  return shared[Symbol.for("depthviz/1")]?.size ?? 0;
}

/** Count what is listened to and neither removed nor aborted. */
function countListeners() {
  const open = new Set<string>();
  const names = new Map<unknown, number>();
  const nameOf = (thing: unknown) => {
    if (!names.has(thing)) names.set(thing, names.size);
    return names.get(thing);
  };
  const key = (target: unknown, type: string, listener: unknown) =>
    `${nameOf(target)} ${type} ${nameOf(listener)}`;
  const prototype = eventTargetPrototype();
  const { addEventListener: add, removeEventListener: remove } = prototype;
  vi.spyOn(prototype, "addEventListener").mockImplementation(function (
    this: EventTarget,
    type,
    listener,
    options,
  ) {
    const name = key(this, type, listener);
    if (!(this instanceof AbortSignal)) open.add(name);
    const signal = typeof options === "object" ? options.signal : undefined;
    if (signal) add.call(signal, "abort", () => open.delete(name));
    return add.call(this, type, listener, options);
  });
  vi.spyOn(prototype, "removeEventListener").mockImplementation(function (
    this: EventTarget,
    type,
    listener,
    options,
  ) {
    open.delete(key(this, type, listener));
    return remove.call(this, type, listener, options);
  });
  return { open: () => open.size };
}

/** The page's own, which is not Node's global one. */
function eventTargetPrototype(): EventTarget {
  let prototype: object = document;
  while (!Object.hasOwn(prototype, "addEventListener")) {
    prototype = Object.getPrototypeOf(prototype);
  }
  return prototype as EventTarget;
}

/** Count observers that observe and have not been disconnected. */
function countObservers() {
  const open = new Set<object>();
  for (const name of ["ResizeObserver", "MutationObserver"] as const) {
    vi.stubGlobal(
      name,
      class {
        observe() {
          open.add(this);
        }
        disconnect() {
          open.delete(this);
        }
      },
    );
  }
  return { open: () => open.size };
}

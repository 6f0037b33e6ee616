/**
 * An Explorer opened on a small study, and hands to use it with.
 */
import { afterEach, beforeEach, vi } from "vitest";
import widget from "../../src/index";
import { FakeFrames, FakeModel, fakeBitmaps, fakeSizes, scatters, settle } from "../fakes";
import { makeStudy, type StudyOptions } from "../study";

export let frames: FakeFrames;
export let sessions = 0;
let endings: (() => void)[] = [];

beforeEach(() => {
  frames = new FakeFrames();
  fakeBitmaps();
  fakeSizes(1000, 600);
  scatters.length = 0;
});
afterEach(() => {
  for (const end of endings) end();
  endings = [];
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

export async function open(
  options: StudyOptions = {},
  prepare: (model: FakeModel) => void = () => {},
) {
  const model = new FakeModel(makeStudy(options), `session ${++sessions}`);
  prepare(model);
  return show(model);
}

/** What is closed draws nothing, and where a view opens is a matter of its own: unless a test says so, all is open at the first probe. */
export async function show(model: FakeModel) {
  const state = model.get("_ui_state") as object;
  if (Object.keys(state).length === 0)
    model.set("_ui_state", { probe: 0, frame: { rail: true, panel: "wide" } });
  const el = document.createElement("div");
  document.body.append(el);
  endings.push(widget.render({ model, el }));
  await settle(frames);
  const root = el.querySelector<HTMLElement>("[data-depthviz=explorer]");
  if (!root) throw new Error("no root");
  return { model, el, root, ...readers(root) };
}

function readers(root: HTMLElement) {
  const one = (selector: string) => {
    const found = root.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`nothing matches ${selector}`);
    return found;
  };
  const all = (selector: string) => [...root.querySelectorAll<HTMLElement>(selector)];
  const listed = () => all("[data-example-id]").map((cell) => cell.dataset.exampleId);
  const cell = (id: string) => one(`[data-example-id="${id}"]`);
  const press = (element: HTMLElement, key: string, more: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
    element.dispatchEvent(event);
    frames.draw();
    return event;
  };
  const click = (element: HTMLElement, more: MouseEventInit = {}) => {
    element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...more }));
    frames.draw();
  };
  return { one, all, listed, cell, press, click };
}

/** A frame as somebody sees it who opens a study for the first time. */
export function closed(model: FakeModel): void {
  model.set("_ui_state", { probe: 0, frame: { rail: false, panel: "closed" } });
}

/** The state of every point as the scatter last got it. */
export function statesDrawn(): number[] {
  const [states] = scatters[0]?.calls.setStates ?? [];
  return states instanceof Uint8Array ? [...states] : [];
}

export function fakeMedia(matches: boolean) {
  return { matches, addEventListener() {}, removeEventListener() {} };
}

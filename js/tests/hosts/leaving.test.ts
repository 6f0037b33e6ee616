import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { notePlace } from "../../src/hosts/kernel/leaving";
import { FakeModel } from "../fakes";
import { makeStudy } from "../study";

/** Observers call back when the test says so, as a browser does after layout. */
const laidOut: (() => void)[] = [];

describe("leaving", () => {
  let notebook: HTMLElement;
  let model: FakeModel;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal(
      "ResizeObserver",
      class {
        constructor(callback: () => void) {
          laidOut.push(callback);
        }
        observe(): void {}
        disconnect(): void {}
      },
    );
    notebook = document.createElement("div");
    notebook.className = "jp-Notebook";
    document.body.append(notebook);
    model = new FakeModel(makeStudy());
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    notebook.remove();
    laidOut.length = 0;
  });

  function show(into: HTMLElement = notebook): () => void {
    const el = document.createElement("div");
    const leave = notePlace(model, el);
    into.append(el);
    for (const callback of laidOut) callback();
    return () => {
      el.remove();
      leave();
    };
  }

  function reported(): unknown[] {
    vi.runAllTimers();
    return model.sent;
  }

  test("reports an output that was cleared in a notebook that stays", () => {
    show()();
    expect(reported()).toEqual([{ type: "gone" }]);
  });

  test("reports nothing while another place shows the view, or shows it at once again", () => {
    const [first, second] = [show(), show()];
    first();
    expect(reported()).toEqual([]);
    second();
    const third = show();
    expect(reported()).toEqual([]);
    third();
    expect(reported()).toHaveLength(1);
  });

  test("reports nothing where the whole notebook was closed, or is none that is known", () => {
    const end = show();
    notebook.remove();
    end();
    show(document.body)();
    expect(reported()).toEqual([]);
  });

  test("reports nothing to a kernel that is gone", () => {
    const end = show();
    model.comm_live = false;
    end();
    expect(reported()).toEqual([]);
  });

  test("does not fail where the way to the kernel was closed", () => {
    model.send = () => {
      throw new Error("Cannot send");
    };
    show()();
    expect(reported).not.toThrow();
  });
});

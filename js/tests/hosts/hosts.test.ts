import { deflateRawSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createChunkSource } from "../../src/hosts/chunk_source";
import { type Host, HostGone } from "../../src/hosts/host";
import { createKernelHost } from "../../src/hosts/kernel/kernel_host";
import { createPageHost, readPage } from "../../src/hosts/page/page_host";
import { FakeModel } from "../fakes";
import { makeStudy, toBase64 } from "../study";

describe("kernel host", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("loads a chunk in pieces", async () => {
    const model = new FakeModel(makeStudy());
    model.pieceBytes = 5;
    const host = createKernelHost(model);
    expect(await host.load("column/label")).toEqual(model.study.chunks["column/label"]);
    expect(model.sent.map(({ offset }) => offset)).toEqual([0, 5, 10]);
    await expect(host.load("column/none")).rejects.toThrow("no part 'column/none'");
  });

  test("writes selection and state together, once, after the last change", () => {
    const model = new FakeModel(makeStudy());
    const host = createKernelHost(model);
    host.writeSelection(Uint8Array.of(1));
    host.writeUiState({ probe: 1 });
    vi.advanceTimersByTime(100);
    host.writeSelection(Uint8Array.of(3));
    vi.advanceTimersByTime(119);
    expect(model.saves).toBe(0);
    vi.advanceTimersByTime(1);
    expect(model.saves).toBe(1);
    expect(new Uint8Array((model.get("_selection") as DataView).buffer)).toEqual(Uint8Array.of(3));
    expect(model.get("_ui_state")).toEqual({ probe: 1 });
  });

  test("tells of what Python sets, and takes an echo for what it is", () => {
    const model = new FakeModel(makeStudy());
    const host = createKernelHost(model);
    const heard = vi.fn();
    host.onChange(heard);
    host.writeSelection(Uint8Array.of(1));
    vi.runAllTimers();
    model.setFromPython("_selection", new DataView(Uint8Array.of(1).buffer));
    expect(heard).not.toHaveBeenCalled();
    model.setFromPython("_selection", new DataView(Uint8Array.of(2).buffer));
    model.setFromPython("_ui_state", { probe: 0 });
    expect(heard.mock.calls).toEqual([["selection"], ["ui_state"]]);
    expect([...host.readSelection()]).toEqual([2]);
  });

  test("who stops listening hears nothing more", () => {
    const model = new FakeModel(makeStudy());
    const host = createKernelHost(model);
    const [stays, goes] = [vi.fn(), vi.fn()];
    host.onChange(stays);
    host.onChange(goes)();
    model.setFromPython("_ui_state", { probe: 1 });
    expect([stays.mock.calls.length, goes.mock.calls.length]).toEqual([1, 0]);
  });

  test("what Python sets wins over a change that is not yet written", () => {
    const model = new FakeModel(makeStudy());
    const host = createKernelHost(model);
    host.writeSelection(Uint8Array.of(1));
    model.setFromPython("_selection", new DataView(Uint8Array.of(2).buffer));
    vi.runAllTimers();
    expect(model.saves).toBe(0);
    expect([...host.readSelection()]).toEqual([2]);
  });

  test("ending writes what is left and leaves neither listener nor timer", () => {
    const model = new FakeModel(makeStudy());
    const host = createKernelHost(model);
    expect(model.listenerCount).toBe(4);
    host.writeUiState({ probe: 2 });
    host.dispose();
    expect(model.get("_ui_state")).toEqual({ probe: 2 });
    expect(model.listenerCount).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("a kernel host whose kernel is gone still lets go of everything", () => {
  const model = new FakeModel(makeStudy());
  const host = createKernelHost(model);
  host.writeUiState({ probe: 2 });
  model.save_changes = () => {
    throw new Error("Kernel is dead");
  };
  expect(() => host.dispose()).not.toThrow();
  expect(model.listenerCount).toBe(0);
});

describe("what does not reach the kernel", () => {
  const over = 2 ** 20 + 1;
  const text = (length: number) => ({ filters: { label: { contains: "x".repeat(length) } } });

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function create() {
    const model = new FakeModel(makeStudy());
    const host = createKernelHost(model);
    const words = vi.fn();
    host.onError(words);
    /** Bytes of the traits in the one message that is sent. */
    const sent = () => {
      const bits = model.get("_selection") as DataView;
      return bits.byteLength + JSON.stringify(model.get("_ui_state")).length;
    };
    return { model, host, words, sent };
  }

  test("a selection over 1 MiB is said and not sent, and a smaller one takes the words back", () => {
    const { model, host, words, sent } = create();
    host.writeSelection(new Uint8Array(over).fill(255));
    vi.runAllTimers();
    expect([model.saves, sent()]).toEqual([0, 2]);
    expect(words.mock.lastCall?.[0]).toContain("The selection takes 1.0 MiB");
    host.writeSelection(Uint8Array.of(1));
    vi.runAllTimers();
    expect([model.saves, sent()]).toEqual([1, 3]);
    expect(words.mock.lastCall?.[0]).toBe("");
  });

  test("filters with a text over 1 MiB are said once and not sent", () => {
    const { model, host, words } = create();
    host.writeUiState({ probe: 1 });
    host.writeUiState(text(over));
    host.writeUiState({ ...text(over), probe: 2 });
    vi.runAllTimers();
    expect(model.get("_ui_state")).toEqual({ probe: 1 });
    expect(words).toHaveBeenCalledTimes(1);
    expect(words.mock.lastCall?.[0]).toContain("The filters take 1.0 MiB");
    host.writeUiState({ probe: 1 });
    expect(words.mock.lastCall?.[0]).toBe("");
  });

  test("text is measured in bytes, not in letters", () => {
    const { model, host, words } = create();
    host.writeUiState({ filters: { label: { contains: "\u6f22".repeat(2 ** 19) } } });
    vi.runAllTimers();
    expect([model.saves, words.mock.calls.length]).toEqual([0, 1]);
  });

  test("selection and state that would together be over 1 MiB are not sent together", () => {
    const { host, words, sent } = create();
    host.writeSelection(new Uint8Array(700_000).fill(1));
    host.writeUiState(text(700_000));
    vi.runAllTimers();
    expect(sent()).toBeLessThan(2 ** 20);
    expect(words).toHaveBeenCalledTimes(1);
  });

  test("a kernel that goes is said at once, and what is asked of it fails at once", async () => {
    const { model, host, words } = create();
    model.silent = true;
    const underWay = expect(host.load("votes")).rejects.toThrow("kernel does not answer");
    model.loseKernel();
    await underWay;
    expect(words.mock.lastCall?.[0]).toContain("no longer reaches Python");
    await expect(host.load("map")).rejects.toThrow("kernel does not answer");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("word that the way is open is no loss, and takes the words back", () => {
    const { model, words } = create();
    model.findKernel();
    expect(words).not.toHaveBeenCalled();
    model.comm_live = false;
    model.loseKernel();
    expect(words.mock.lastCall?.[0]).toContain("no longer reaches Python");
    model.findKernel();
    expect(words.mock.lastCall?.[0]).toBe("");
  });

  test("a write that throws is words, not an error in the console", () => {
    const { model, host, words } = create();
    model.save_changes = () => {
      throw new Error("Kernel is dead");
    };
    host.writeUiState({ probe: 2 });
    expect(() => vi.runAllTimers()).not.toThrow();
    expect(words.mock.lastCall?.[0]).toContain("no longer reaches Python");
  });
});

describe("page host", () => {
  const study = makeStudy();
  const page = {
    manifest: study.manifest,
    chunks: Object.fromEntries(Object.entries(study.chunks).map(([k, v]) => [k, toBase64(v)])),
    session_id: "s",
    height: 500,
  };

  test("carries every chunk in itself", async () => {
    const host = createPageHost(readPage(JSON.stringify(page)));
    expect([host.sessionId, host.height]).toEqual(["s", 500]);
    expect(await host.load("agreement")).toEqual(study.chunks.agreement);
    await expect(host.load("tile/9")).rejects.toThrow("does not carry 'tile/9'");
  });

  test("inflates what the page carries deflated", async () => {
    const packed = {
      ...page.chunks,
      agreement: toBase64(deflateRawSync(study.chunks.agreement as Uint8Array)),
    };
    const host = createPageHost(
      readPage(JSON.stringify({ ...page, chunks: packed, deflated: ["agreement"] })),
    );
    expect(await host.load("agreement")).toEqual(study.chunks.agreement);
  });

  test("starts with the selection and the state that the page was written with", () => {
    const begun = { ...page, selection: toBase64(Uint8Array.of(5)), ui_state: { probe: 1 } };
    const host = createPageHost(readPage(JSON.stringify(begun)));
    expect([...host.readSelection()]).toEqual([5]);
    expect(host.readUiState()).toEqual({ probe: 1 });
  });

  test("keeps selection and state while it is open", () => {
    const host = createPageHost(readPage(JSON.stringify(page)));
    host.writeSelection(Uint8Array.of(5));
    host.writeUiState({ probe: 1 });
    expect([...host.readSelection()]).toEqual([5]);
    expect(host.readUiState()).toEqual({ probe: 1 });
  });

  test("says so when the page carries no study", () => {
    expect(() => readPage('{"other": 1}')).toThrow("no study");
  });
});

describe("source", () => {
  test("takes another host when the one that was asked is closed", async () => {
    const source = createChunkSource();
    const models = [new FakeModel(makeStudy()), new FakeModel(makeStudy())] as const;
    models[0].silent = true;
    const detach = source.attach(createKernelHost(models[0]));
    source.attach(createKernelHost(models[1]));
    const loading = source.load("votes");
    detach();
    expect(await loading).toEqual(models[1].study.chunks.votes);
  });

  test("fails when no host is left", async () => {
    const source = createChunkSource();
    const host: Host = createKernelHost(new FakeModel(makeStudy()));
    source.attach(host)();
    await expect(source.load("votes")).rejects.toThrow(HostGone);
  });
});

import { deflateRawSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Host, HostGone } from "../../src/hosts/host";
import { createKernelHost } from "../../src/hosts/kernel_host";
import { createPageHost, readPage } from "../../src/hosts/page_host";
import { createRelay } from "../../src/hosts/relay";
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
    expect(model.listenerCount).toBe(3);
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
  expect(() => host.dispose()).toThrow("Kernel is dead");
  expect(model.listenerCount).toBe(0);
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

describe("relay", () => {
  test("takes another host when the one that was asked is closed", async () => {
    const relay = createRelay();
    const models = [new FakeModel(makeStudy()), new FakeModel(makeStudy())] as const;
    models[0].silent = true;
    const detach = relay.attach(createKernelHost(models[0]));
    relay.attach(createKernelHost(models[1]));
    const loading = relay.load("votes");
    detach();
    expect(await loading).toEqual(models[1].study.chunks.votes);
  });

  test("fails when no host is left", async () => {
    const relay = createRelay();
    const host: Host = createKernelHost(new FakeModel(makeStudy()));
    relay.attach(host)();
    await expect(relay.load("votes")).rejects.toThrow(HostGone);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HostGone } from "../../src/hosts/host";
import { createChunkPuller, type PullMessage } from "../../src/hosts/kernel/chunk_puller";

const bytes = (...values: number[]) => [new DataView(Uint8Array.from(values).buffer)];

describe("chunk puller", () => {
  const sent: PullMessage[] = [];
  const create = () => createChunkPuller({ send: (message) => sent.push(message) });
  const ticks = () => vi.advanceTimersByTimeAsync(0);

  beforeEach(() => {
    sent.length = 0;
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("pulls on from where the last piece ended until it has all bytes", async () => {
    const puller = create();
    const whole = puller.pull("map", 5);
    puller.receive({ type: "chunk", id: 1 }, bytes(1, 2));
    await ticks();
    expect(sent[1]).toEqual({ type: "pull", id: 2, name: "map", offset: 2 });
    puller.receive({ type: "chunk", id: 2 }, bytes(3, 4, 5));
    expect([...(await whole)]).toEqual([1, 2, 3, 4, 5]);
  });

  test("learns from the first answer how many bytes a chunk has that was made on demand", async () => {
    const puller = create();
    const whole = puller.pull("tile/3");
    puller.receive({ type: "chunk", id: 1, total: 3 }, bytes(1, 2));
    await ticks();
    puller.receive({ type: "chunk", id: 2, total: 3 }, bytes(3));
    expect([...(await whole)]).toEqual([1, 2, 3]);
    const nothing = puller.pull("tile/4");
    puller.receive({ type: "chunk", id: 3, total: 0 }, []);
    expect([...(await nothing)]).toEqual([]);
  });

  test("answers may come in any order", async () => {
    const puller = create();
    const [a, b] = [puller.pull("a", 1), puller.pull("b", 1)];
    puller.receive({ type: "chunk", id: 2 }, bytes(20));
    puller.receive({ type: "chunk", id: 1 }, bytes(10));
    expect([...(await a), ...(await b)]).toEqual([10, 20]);
  });

  test("reads a view's own part of its buffer", async () => {
    const puller = create();
    const pulled = puller.pull("a", 2);
    puller.receive({ type: "chunk", id: 1 }, [
      new DataView(Uint8Array.of(9, 1, 2, 9).buffer, 1, 2),
    ]);
    expect([...(await pulled)]).toEqual([1, 2]);
  });

  test("keeps at most four pulls under way", async () => {
    const puller = create();
    const pulls = ["a", "b", "c", "d", "e", "f"].map((name) => puller.pull(name, 1));
    await ticks();
    expect(sent.map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
    puller.receive({ type: "chunk", id: 3 }, bytes(0));
    await pulls[2];
    await ticks();
    expect(sent.map(({ name }) => name)).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("asks again twice after ten silent seconds each, then says that the kernel does not answer", async () => {
    const puller = create();
    const failure = expect(puller.pull("a", 1)).rejects.toThrow("kernel does not answer");
    await vi.advanceTimersByTimeAsync(29_999);
    expect(sent).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(1);
    await failure;
    expect(vi.getTimerCount()).toBe(0);
  });

  test("an answer to an earlier ask still counts, and its repetition does no harm", async () => {
    const puller = create();
    const pulled = puller.pull("a", 1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent.map(({ id }) => id)).toEqual([1, 1]);
    puller.receive({ type: "chunk", id: 1 }, bytes(7));
    puller.receive({ type: "chunk", id: 1 }, bytes(8));
    expect([...(await pulled)]).toEqual([7]);
  });

  test("a refusal is passed on with its reason", async () => {
    const puller = create();
    const pulled = puller.pull("a", 1);
    puller.receive({ type: "refused", id: 1, reason: "unknown chunk 'a'" }, []);
    await expect(pulled).rejects.toThrow("unknown chunk 'a'");
  });

  test.each([
    ["empty", bytes()],
    ["too long", bytes(1, 2, 3)],
  ])("an answer that is %s is an error, not a loop", async (_, buffers) => {
    const puller = create();
    const pulled = puller.pull("a", 2);
    puller.receive({ type: "chunk", id: 1 }, buffers);
    await expect(pulled).rejects.toThrow("should have 2 bytes");
  });

  test("an empty chunk needs no message, and strange messages are ignored", async () => {
    const puller = create();
    expect(await puller.pull("a", 0)).toHaveLength(0);
    for (const message of [null, "x", {}, { type: "chunk" }, { type: "eval", id: 1 }]) {
      expect(() => puller.receive(message, [])).not.toThrow();
    }
    expect(sent).toHaveLength(0);
  });

  test("a channel that cannot send fails the pull, also where it is asked again", async () => {
    let broken = false;
    const puller = createChunkPuller({
      send() {
        if (broken) throw new Error("Cannot send");
      },
    });
    const failure = expect(puller.pull("a", 1)).rejects.toThrow("kernel does not answer");
    broken = true;
    await vi.advanceTimersByTimeAsync(10_000);
    await failure;
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a side that was seen to go is waited for two seconds, until it answers again", async () => {
    const puller = create();
    puller.lose();
    const failure = expect(puller.pull("a", 1)).rejects.toThrow("kernel does not answer");
    await vi.advanceTimersByTimeAsync(2_000);
    await failure;
    const back = puller.pull("a", 1);
    puller.receive({ type: "chunk", id: 2 }, bytes(7));
    await back;
    puller.pull("b", 1).catch(() => {});
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sent.filter(({ name }) => name === "b")).toHaveLength(3);
    puller.dispose();
  });

  test("ending rejects what is under way and what waits, and leaves no timer", async () => {
    const puller = create();
    const pulls = Array.from({ length: 6 }, (_, i) => puller.pull(`c${i}`, 1));
    puller.dispose();
    for (const pull of pulls) await expect(pull).rejects.toThrow(HostGone);
    expect(vi.getTimerCount()).toBe(0);
    expect(sent).toHaveLength(4);
  });
});

import { expect, test, vi } from "vitest";
import type { ColumnInfo } from "../../../src/store/manifest";
import { createLateColumn } from "../../../src/store/previews/late_texts";
import { followSearch } from "../../../src/store/previews/searching";
import { effect } from "../../../src/store/reactive";
import { Store } from "../../../src/store/store";
import { makeStudy, textBytes } from "../../study";

const INFO: ColumnInfo = {
  ...{ name: "text", kind: "text", dtype: "text", title: "Text" },
  per_block: 2,
};

function late(entries: readonly unknown[], fail: (name: string) => boolean = () => false) {
  const asked: string[] = [];
  const column = createLateColumn(INFO, entries.length, async (name) => {
    asked.push(name);
    if (fail(name)) throw new Error("gone");
    const first = 2 * Number(name.slice("text/".length));
    return textBytes(entries.slice(first, first + 2) as string[]);
  });
  return { ...column, asked };
}

test("a text is fetched when it is asked for, with the others of its block", async () => {
  const { late: texts, texts: values, asked } = late(["Ab", "", "c", "d"]);
  expect(texts.passage(1)).toBeUndefined();
  await vi.waitFor(() => expect(texts.idle).toBe(true));
  expect(asked).toEqual(["text/0"]);
  expect(texts.passage(0)).toEqual({ text: "Ab", cutFrom: undefined, carried: true });
  expect(values).toEqual(["Ab", "", "", ""]);
});

test("who asked while drawing draws again when it has come", async () => {
  const { late: texts } = late(["Ab", "b"]);
  const seen: unknown[] = [];
  const stop = effect(() => void seen.push(texts.passage(0)?.text));
  await vi.waitFor(() => expect(seen).toEqual([undefined, "Ab"]));
  stop();
});

test("a text that was cut says of how many, one that is not carried says so", async () => {
  const { late: texts } = late([["abc", 900], null]);
  texts.passage(0);
  await vi.waitFor(() => expect(texts.idle).toBe(true));
  expect(texts.passage(0)).toEqual({ text: "abc", cutFrom: 900, carried: true });
  expect(texts.passage(1)).toEqual({ text: "", cutFrom: undefined, carried: false });
});

test("a block that failed is told, and fetched once more when asked to", async () => {
  let broken = true;
  const { late: texts, asked } = late(["a", "b"], () => broken);
  texts.passage(0);
  await vi.waitFor(() => expect(texts.failure).toBe("gone"));
  texts.passage(0);
  expect(texts.idle).toBe(true);
  broken = false;
  texts.retry();
  texts.passage(0);
  await vi.waitFor(() => expect(texts.passage(0)?.text).toBe("a"));
  expect([texts.failure, asked.length]).toEqual(["", 2]);
});

test("a damaged block is a failure, not a text", async () => {
  const column = createLateColumn(INFO, 2, async () => textBytes({} as string[]));
  column.late.passage(0);
  await vi.waitFor(() => expect(column.late.failure).toBe("A block of texts is damaged."));
});

test("a search fetches all texts and goes through them in lower case as they come", async () => {
  const entries = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? `No ${i} GOOD` : "bad"));
  const column = late(entries);
  const { manifest } = makeStudy({ labels: entries.map(() => 0) });
  const store = new Store(manifest, new Map([["text", column]]));
  const stop = followSearch(store);
  store.setFilter("text", { contains: " good" });
  expect(store.filters.shownCount).toBe(0);
  await vi.waitFor(() => expect(store.filters.shownCount).toBe(20), { timeout: 3000 });
  expect(new Set(column.asked).size).toBe(30);
  stop();
});

test("a key of a search in 100,000 texts takes at most 50 ms", async () => {
  const count = 100_000;
  const column = createLateColumn({ ...INFO, per_block: count }, count, async () =>
    textBytes(
      Array.from({ length: count }, (_, i) => `Sentence ${i} of a film that is long and ${i % 7}`),
    ),
  );
  const { manifest } = makeStudy({ labels: new Array(count).fill(0), images: false, map: false });
  const store = new Store({ ...manifest, count }, new Map([["text", column]]));
  column.late.passage(0);
  await vi.waitFor(() => expect(column.late.idle).toBe(true), { timeout: 5000 });
  store.setFilter("text", { contains: "s" });
  const took = ["and 3", "film", "12", "nowhere"].map((contains) => {
    const start = process.hrtime.bigint();
    store.setFilter("text", { contains });
    return Number(process.hrtime.bigint() - start) / 1e6;
  });
  expect(store.filters.shownCount).toBe(0);
  expect(Math.max(...took)).toBeLessThan(50);
});

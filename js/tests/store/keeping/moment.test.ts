import { expect, test } from "vitest";
import { fromBase64, toBase64 } from "../../../src/store/base64";
import { keepMoment, readMoment } from "../../../src/store/keeping/moment";
import { packMask } from "../../../src/store/masks";
import { makeStore } from "../../study";

test("bytes survive the way through text that an address may hold", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
  const text = toBase64(bytes);
  expect(text).toMatch(/^[\w-]+$/);
  expect(fromBase64(text)).toEqual(bytes);
});

test.each([[[]], [[3]], [Array.from({ length: 400 }, (_, i) => i)]])(
  "a moment comes back, with few examples by number and many by bits",
  (selected) => {
    const flags = new Uint8Array(500);
    for (const index of selected) flags[index] = 1;
    const moment = { state: { probe: 1 }, selection: packMask(flags) };
    const kept = JSON.parse(JSON.stringify(keepMoment(moment)));
    expect(typeof kept.selection).toBe(selected.length > 100 ? "string" : "object");
    expect(readMoment(kept, 500)).toEqual(moment);
  },
);

test.each([null, 3, "x", [], {}, { state: null }, { state: [] }, { selection: [1] }])(
  "%j is no moment",
  (raw) => {
    expect(readMoment(raw, 6)).toBeNull();
  },
);

test("numbers that are no examples select nothing", () => {
  const raw = { state: {}, selection: [-1, 6, 1e9, "length", null, 0.5, {}] };
  expect(readMoment(raw, 6)?.selection).toEqual(new Uint8Array(0));
});

test("the example beside the one in focus is kept, and forged ones are not", () => {
  const store = makeStore();
  store.restore({ focus: 2, compared: 4 });
  expect(store.uiState()).toMatchObject({ focus: 2, compared: 4 });
  for (const compared of [2, -1, 6, "4", [4]]) store.restore({ compared });
  expect(store.compared).toBe(4);
  store.restore({ compared: null });
  expect(store.compared).toBeNull();
});

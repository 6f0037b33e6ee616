import { expect, test } from "vitest";
import { createBrowserPlace, UNKEPT } from "../../../src/hosts/places/browser_place";
import { eventOf } from "../../annotations/annotated";
import { FakeStore } from "./fake_store";

test("a page has what it was written with, and what was decided in it", async () => {
  const store = new FakeStore();
  const [brought, mine, other] = [eventOf({}), eventOf({}), eventOf({})];
  const place = createBrowserPlace("page/a", [brought], store);
  await place.keep([mine], () => {});
  await createBrowserPlace("page/b", [], store).keep([other], () => {});
  expect(await place.read(0)).toEqual({ events: [brought, mine], number: 1, more: false });
  const again = createBrowserPlace("page/a", [brought], store);
  expect((await again.read(0)).events).toEqual([brought, mine]);
});

test("a browser that keeps nothing says so for each step", async () => {
  const store = new FakeStore();
  store.full = true;
  const place = createBrowserPlace("page/a", [], store);
  await expect(place.keep([eventOf({})], () => {})).rejects.toThrow(UNKEPT);
});

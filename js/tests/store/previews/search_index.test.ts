import { expect, test } from "vitest";
import { createSearchIndex } from "../../../src/store/previews/search_index";

const WORDS = ["a", "ab", "b", "ba", "", "İx", "é", "aa"];

test("a search finds the texts that contain the words, as one by one", () => {
  const texts = Array.from({ length: 41 }, (_, i) => `${WORDS[i % 8]}${WORDS[(i * 5) % 7]}B`);
  for (const perBlock of [1, 4, 41, 100]) {
    const { search } = createSearchIndex(texts, perBlock);
    for (const wanted of ["a", "ab", "aab", "bb", "é", "x", "nowhere"]) {
      const slow = texts.map((text) => Number(text.toLowerCase().includes(wanted)));
      expect([...search(wanted)]).toEqual(slow);
    }
  }
});

test("nothing is found across two texts", () => {
  expect([...createSearchIndex(["ab", "cd"], 2).search("bc")]).toEqual([0, 0]);
});

test("texts that have come since are found once their block is renewed", () => {
  const texts = ["", "b"];
  const index = createSearchIndex(texts, 2);
  expect([...index.search("new")]).toEqual([0, 0]);
  texts[0] = "New";
  index.renew(0);
  expect([...index.search("new")]).toEqual([1, 0]);
});

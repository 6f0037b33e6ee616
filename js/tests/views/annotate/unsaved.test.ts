import { expect, test } from "vitest";
import { unsavedWords } from "../../../src/views/annotate/unsaved";

test("only what the browser keeps is said to be kept in it", () => {
  expect(unsavedWords(0, 0)).toBe("");
  expect(unsavedWords(3, 0)).toBe("3 not saved yet, kept in this browser");
  expect(unsavedWords(3, 3)).toBe("3 not saved yet, lost if this page is closed");
  expect(unsavedWords(1200, 1)).toBe("1,200 not saved yet, 1 of them lost if this page is closed");
});

import { expect, test } from "vitest";
import { codeOf, idsOf, tableOf } from "../../../src/store/keeping/table";
import { makeStore } from "../../study";

const CLASSES = ["=1+1", "-minus", "é, “ü”"];

test("what a spreadsheet would take for a formula stays text, and numbers stay numbers", () => {
  const ids = ["+a", "@b", "\tc", "\rd", "-e", "f=g"];
  const store = makeStore({ ids, classes: CLASSES, depths: [-1, 0, 1.5, 2, 3, 0.1] });
  const [head, ...lines] = tableOf(store, [0, 1, 2, 3, 4, 5]).split("\r\n");
  expect(head).toBe("example_id,label,prediction,correct,confidence,depth");
  expect(lines.map((line) => line.split(",")[0])).toEqual([
    "'+a",
    "'@b",
    "'\tc",
    '"\'\rd"',
    "'-e",
    "f=g",
    "",
  ]);
  expect(lines[0]).toBe("'+a,'=1+1,'=1+1,right,0,-1");
  expect(lines[2]).toBe("'\tc,'-minus,'-minus,right,0.2,1.5");
  expect(lines[4]).toBe('\'-e,"é, “ü”","é, “ü”",right,0.4,3');
  expect(lines[5]?.endsWith(",0.1")).toBe(true);
});

test("a missing value is an empty cell", () => {
  expect(tableOf(makeStore(), [1])).toContain("e1,cat,cat,right,,1\r\n");
});

test("the code names exactly the given ids, whatever is in them", () => {
  const store = makeStore({ ids: ['"quoted"', "line\nbreak", "c", "d", "e", "\\"] });
  expect(codeOf(store, [0, 1, 5])).toBe(
    'frame = study.frame()\nframe[frame.index.map(str).isin(["\\"quoted\\"", "line\\nbreak", "\\\\"])]',
  );
  expect(idsOf(store, [2, 3])).toEqual(["c", "d"]);
});

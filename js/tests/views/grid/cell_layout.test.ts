import { expect, test } from "vitest";
import { layOutCells } from "../../../src/views/grid/cell_layout";

test("as many cells stand side by side as fit, and at least one", () => {
  const content = { picture: [32, 32] } as const;
  expect(layOutCells(1000, "medium", content).columns).toBe(8);
  expect(layOutCells(1000, "large", content).columns).toBe(5);
  expect(layOutCells(20, "large", content).columns).toBe(1);
});

test("a picture keeps its shape, up to one and a half times as tall as wide", () => {
  const picture = (width: number, height: number) =>
    layOutCells(1000, "large", { picture: [width, height] }).picture;
  expect(picture(32, 32)).toBe(186);
  expect(picture(32, 16)).toBe(93);
  expect(picture(32, 320)).toBe(picture(32, 48));
});

test("a sheet has no words and little space between, and pictures take none where there are none", () => {
  const content = { picture: [32, 32] } as const;
  const words = ({ row, picture }: { row: number; picture: number }) => row - picture;
  expect(words(layOutCells(1000, "small", content))).toBe(6);
  expect(words(layOutCells(1000, "medium", content))).toBe(2 * 16 + 12);
  expect(layOutCells(1000, "medium", { picture: null }).picture).toBe(0);
});

test("cells with texts have as many lines as most texts need, and no more than their size allows", () => {
  const at = (letters: number, size: "small" | "medium" | "large" = "medium") =>
    layOutCells(520, size, { picture: null, letters });
  expect(at(10)).toMatchObject({ columns: 2, lines: 1 });
  expect(at(1000).lines).toBe(5);
  expect(at(1000, "small").lines).toBe(2);
  expect(at(1000, "large")).toMatchObject({ columns: 1, lines: 11 });
  expect(at(1000).row).toBeGreaterThan(at(10).row);
});

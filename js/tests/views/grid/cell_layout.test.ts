import { expect, test } from "vitest";
import { layOutCells } from "../../../src/views/grid/cell_layout";

test("as many cells stand side by side as fit, and at least one", () => {
  const content = { picture: [32, 32], depths: 1 } as const;
  expect(layOutCells(1000, "medium", content).columns).toBe(12);
  expect(layOutCells(1000, "large", content).columns).toBe(6);
  expect(layOutCells(20, "large", content).columns).toBe(1);
});

test("a picture keeps its shape, up to one and a half times as tall as wide", () => {
  const picture = (width: number, height: number) =>
    layOutCells(1000, "large", { picture: [width, height], depths: 1 }).picture;
  expect(picture(32, 32)).toBe(151);
  expect(picture(32, 16)).toBe(76);
  expect(picture(32, 320)).toBe(picture(32, 48));
});

test("a second depth takes a meter and a line more, and pictures take no space where there are none", () => {
  const row = (size: "small" | "medium", depths: 1 | 2) =>
    layOutCells(1000, size, { picture: null, depths }).row;
  expect(row("medium", 2) - row("medium", 1)).toBe(6 + 17);
  expect(row("small", 2) - row("small", 1)).toBe(6);
  expect(layOutCells(1000, "medium", { picture: null, depths: 1 }).picture).toBe(0);
});

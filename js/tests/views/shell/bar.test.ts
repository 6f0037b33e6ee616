import { expect, test, vi } from "vitest";
import { open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

test("the line counts, and its two ways to clear are apart", async () => {
  const { one, click, cell } = await open();
  const line = () => one(".line").textContent;
  const control = (name: string) => one(`[data-depthviz-control="clear-${name}"]`);
  expect(line()).toBe("6 of 6 shown · 0 selected · clear filters selection · download ids");
  expect(control("filters").getAttribute("aria-disabled")).toBe("true");
  click(one('[data-depthviz-class="1"]'));
  click(cell("e3"), { ctrlKey: true });
  expect(line()).toBe("2 of 6 shown · 1 selected · clear filters selection · download ids");
  expect(control("filters").getAttribute("aria-label")).toBe("Clear filters");
  expect(one(".in-words").textContent).toBe("Label: dog");
  click(control("filters"));
  expect(line()).toBe("6 of 6 shown · 1 selected · clear filters selection · download ids");
  expect(one(".in-words").textContent).toBe("");
  click(control("selection"));
  expect(line()).toBe("6 of 6 shown · 0 selected · clear filters selection · download ids");
});

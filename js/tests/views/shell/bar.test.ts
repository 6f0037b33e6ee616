import { expect, test, vi } from "vitest";
import { open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

test("the line counts, and each of the two is cleared where it is told", async () => {
  const { one, click, cell } = await open();
  const status = () => one(".status").textContent;
  const control = (name: string) => one(`[data-depthviz-control="clear-${name}"]`);
  expect(status()).toBe("6 of 6 shown · 0 selected");
  expect(control("filters").hidden).toBe(true);
  expect(one(".selection-bar").hidden).toBe(true);
  click(one('[data-depthviz-class="1"]'));
  click(cell("e3"), { ctrlKey: true });
  expect(status()).toBe("2 of 6 shown · 1 selected");
  expect(one(".in-words").textContent).toBe("Label: dog");
  expect(one(".selected-count").textContent).toBe("1 selected");
  click(control("filters"));
  expect(status()).toBe("6 of 6 shown · 1 selected");
  expect(one(".in-words").textContent).toBe("");
  click(control("selection"));
  expect(status()).toBe("6 of 6 shown · 0 selected");
  expect(one(".selection-bar").hidden).toBe(true);
});

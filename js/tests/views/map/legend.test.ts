import { expect, test, vi } from "vitest";
import { open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

const STUDY = { labels: [0, 0, 1, 1, 2, 2] };

test("a click on a class of the legend keeps it, another lets it go", async () => {
  const { one, click, root } = await open(STUDY);
  const item = () => one('[data-depthviz-legend="1"]');
  expect(item().getAttribute("title")).toBe("Keep dog");
  click(item());
  expect(root.dataset.depthvizShown).toBe("2");
  click(item());
  expect(root.dataset.depthvizShown).toBe("6");
});

test("a color that is no column of the study filters nothing", async () => {
  const { one, click, root } = await open(STUDY);
  const color = one('[data-depthviz-control="color"]') as HTMLSelectElement;
  color.value = "probe_vote";
  color.dispatchEvent(new Event("change", { bubbles: true }));
  expect(color.value).toBe("probe_vote");
  click(one('[data-depthviz-legend="1"]'));
  expect(root.dataset.depthvizShown).toBe("6");
});

test("what examples are sorted and colored by stands in groups, each column once", async () => {
  const { one, root } = await open(STUDY);
  const sort = one('[data-depthviz-control="sort"]') as HTMLSelectElement;
  const groups = [...sort.querySelectorAll("optgroup")].map(({ label }) => label);
  expect(groups[0]).toBe("How hard");
  expect(groups).toContain("Classes and groups");
  const values = [...sort.options].map(({ value }) => value);
  expect(new Set(values).size).toBe(values.length);
  expect(values).toContain("example_id");
  const color = root.querySelector<HTMLSelectElement>('[data-depthviz-control="color"]');
  expect([...(color?.options ?? [])].map(({ value }) => value)).not.toContain("example_id");
});

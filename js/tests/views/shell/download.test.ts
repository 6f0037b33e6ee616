import { expect, test, vi } from "vitest";
import { open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

test("the selected examples are a table, one line each, quoted where needed", async () => {
  const ids = ['say "a", b', "e1", "e2", "e3", "e4", "e5"];
  const { one, all, click, cell } = await open({ ids });
  const files: Blob[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((file) => {
    files.push(file as Blob);
    return "blob:x";
  });
  const button = one('[data-depthviz-control="download"]');
  click(button);
  expect(files).toEqual([]);
  click(cell("e3"), { ctrlKey: true });
  const odd = all("[data-example-id]").find(({ dataset }) => dataset.exampleId === ids[0]);
  click(odd as HTMLElement, { ctrlKey: true });
  click(button);
  expect((await files[0]?.text())?.split("\r\n")).toEqual([
    "example_id,label,prediction,correct,confidence,depth",
    '"say ""a"", b",cat,cat,right,0,0',
    "e3,dog,dog,right,0.3,3",
    "",
  ]);
});

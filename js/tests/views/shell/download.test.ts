import { expect, test, vi } from "vitest";
import { open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

test("the ids of the selected examples are a file, one line each, quoted where needed", async () => {
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
  expect(await files[0]?.text()).toBe('example_id\r\n"say ""a"", b"\r\ne3\r\n');
});

import { expect, test, vi } from "vitest";
import { openAnnotated } from "./annotated_view";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

/** Where letters are text; a slider or a box to tick takes none. */
const FIELDS = "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea";

test("what is typed into any field of an Explorer decides nothing, and opens nothing", async () => {
  const classes = Array.from({ length: 30 }, (_, code) => `class ${code}`);
  const { all, go, press, pass, root, decided } = await openAnnotated({ classes });
  await go("e0");
  const fields = all(FIELDS).filter((field) => !field.closest(".review"));
  const types = fields.map((field) => (field as HTMLInputElement).type);
  expect(types).toContain("search");
  expect(types).toContain("text");
  for (const field of fields) {
    field.focus();
    for (const key of ["1", "2", "a", "n", "r", "t", "v"]) {
      const event = press(field, key, { code: /\d/.test(key) ? `Digit${key}` : "" });
      expect(event.defaultPrevented, `${key} in ${field.getAttribute("aria-label")}`).toBe(false);
    }
  }
  await pass();
  expect(decided()).toEqual([]);
  expect(root.hasAttribute("data-reviewing")).toBe(false);
});

test("a key beside the fields decides", async () => {
  const { go, type, decided } = await openAnnotated();
  await go("e0");
  await type("2");
  expect(decided()).toEqual(["e0 verdict correct"]);
});

// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundle, OURS } from "../build.mjs";

const text = await bundle();

test("the bundle is one module of at most 300 kB with its styles inside", () => {
  expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(300_000);
  expect(text).toContain(".depthviz{");
  expect(text).not.toMatch(/\bimport\s*[("'{*]/);
  expect(text).not.toContain("sourceMappingURL");
});

test("the bundle can stand inside a script element", () => {
  expect(text.toLowerCase()).not.toContain("</script");
  expect(text).not.toContain("<!--");
});

test("the bundle needs no eval, no markup and no network", () => {
  expect(text).not.toMatch(/\beval\(|new Function\(|innerHTML|outerHTML|insertAdjacentHTML/);
  expect(text).not.toMatch(/\bfetch\(|XMLHttpRequest|new WebSocket|importScripts/);
});

test("the bundle evaluates where there is no page and exports render", async () => {
  const module = await import(
    `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`
  );
  expect(typeof module.default.render).toBe("function");
});

test("what the bundle shortens is named in no text", () => {
  const folder = join(import.meta.dirname, "../src");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const source = files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
  const named = OURS.filter((name) => new RegExp(`["'\`]${name}["'\`]`).test(source));
  expect(named).toEqual([]);
  expect(OURS.filter((name) => !source.includes(name))).toEqual([]);
});

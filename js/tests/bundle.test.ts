// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { BUNDLES, bundles, OURS, SCRIPTS, script } from "../build.mjs";

const texts = await bundles();

/** What each of them may have at most. */
// The widget: places by two columns, with their axes, and what a measure is on hover.
const MOST = { widget: 268_000, annotate: 300_000 } as const;

test.each(BUNDLES)(
  "%s is one module with its styles inside, and no longer than it may be",
  (name) => {
    const text = texts[name];
    expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(MOST[name]);
    expect(stylesOf(text)).toContain(".depthviz{");
    expect(text).not.toMatch(/\bimport\s*[("'{*]/);
    expect(text).not.toContain("sourceMappingURL");
  },
);

/** Its styles as they are, or inflated. */
function stylesOf(text: string): string {
  const [, deflated] = /="([\w+/]{10000,}=*)"/.exec(text) ?? [];
  return deflated ? inflateRawSync(Buffer.from(deflated, "base64")).toString() : text;
}

test("both have the same styles, but for those of annotating", () => {
  const [widget, annotate] = BUNDLES.map((name) => stylesOf(texts[name]));
  const sheets = widget?.match(/\.depthviz \.film\{[^}]*\}|\.film-row\{[^}]*\}/g) ?? [];
  expect(sheets.length).toBeGreaterThan(0);
  for (const sheet of sheets) expect(annotate).toContain(sheet);
  expect(annotate).toContain(".review-queue");
});

test.each(BUNDLES)("%s can stand inside a script element", (name) => {
  const text = texts[name];
  expect(text.toLowerCase()).not.toContain("</script");
  expect(text).not.toContain("<!--");
});

test.each(BUNDLES)("%s needs no eval, no markup and no network", (name) => {
  const text = texts[name];
  expect(text).not.toMatch(/\beval\(|new Function\(|innerHTML|outerHTML|insertAdjacentHTML/);
  expect(text).not.toMatch(/\bfetch\(|XMLHttpRequest|new WebSocket|importScripts/);
});

test.each(BUNDLES)("%s evaluates where there is no page and exports render", async (name) => {
  const text = texts[name];
  const module = await import(
    `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`
  );
  expect(typeof module.default.render).toBe("function");
});

test.each(SCRIPTS)(
  "%s shares no name with the bundle before it, and exports nothing",
  async (name) => {
    const text = await script(name);
    expect(text).toMatch(/^"use strict";\(\(\)=>\{|^\(\(\)=>\{/);
    expect(text).not.toMatch(/\bexport\b|\bimport\b|<\/script|<!--|innerHTML|\beval\(/i);
    expect(text.length).toBeLessThan(4000);
  },
);

test("only the one that annotates holds anything of it", () => {
  expect(texts.annotate).toContain("data-depthviz-unsaved");
  expect(texts.widget).not.toContain("data-depthviz-unsaved");
  expect(texts.widget).not.toContain("indexedDB");
});

test("both have the same short names, since they may share a store", () => {
  const shown = /get\s+(\w+)\(\)\{return this\.signals|shownCount/;
  expect(texts.annotate.match(shown)).toEqual(texts.widget.match(shown));
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

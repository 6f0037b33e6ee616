/**
 * Imports of the page's code run one way: from the shell to the views, from these to their parts, from all to the store.
 *
 * A room is a folder of `src`, or of `src/views`, with the folders in it. Imports of types count.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const SOURCE = resolve(import.meta.dirname, "../src");

const VIEWS = ["findings", "frame", "grid", "groups", "histograms", "inspector", "map"].map(
  (name) => `views/${name}`,
);

/** What each room may import from, next to itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  store: [],
  scatter: [],
  annotations: ["store"],
  hosts: ["store", "annotations"],
  report: [],
  "views/parts": ["store", "annotations"],
  ...Object.fromEntries(VIEWS.map((view) => [view, ["store", "scatter", "views/parts"]])),
  "views/annotate": ["store", "annotations", "views/parts"],
  "views/shell": ["store", "annotations", "views/parts", "views/annotate", ...VIEWS],
  ".": ["store", "hosts", "annotations", "views/parts", "views/shell"],
};

const files = listFiles(SOURCE);
const imports = new Map(files.map((file) => [file, importsOf(file)]));

test("each folder is a room that the table names", () => {
  expect(files.length).toBeGreaterThan(100);
  const rooms = new Set(files.map(roomOf));
  expect([...rooms].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
});

test("no room imports from one that it may not know", () => {
  const wrong = [...imports].flatMap(([file, targets]) =>
    targets.filter((target) => !mayImport(file, target)).map((target) => `${file} → ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("no file imports itself by way of others", () => {
  expect(files.filter((file) => reach(file).has(file))).toEqual([]);
});

test("signals come from the one runtime that all views of a page share", () => {
  const users = files.filter((file) => read(file).includes("@preact/signals-core"));
  expect(users).toEqual(["store/reactive.ts"]);
});

test("each import leads to a file", () => {
  const lost = [...imports].flatMap(([file, targets]) =>
    targets.filter((target) => !files.includes(target)).map((target) => `${file} → ${target}`),
  );
  expect(lost).toEqual([]);
});

function listFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return listFiles(path);
    return name.endsWith(".ts") && !name.endsWith(".d.ts") ? [relative(SOURCE, path)] : [];
  });
}

function read(file: string): string {
  return readFileSync(join(SOURCE, file), "utf8");
}

/** The files of this project that a file imports; its styles are not counted. */
function importsOf(file: string): string[] {
  const found = read(file).matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  const targets = [...found].map(([, path]) => path as string);
  return targets.filter((path) => !path.endsWith("?raw")).map((path) => fileOf(file, path));
}

function fileOf(from: string, path: string): string {
  const target = relative(SOURCE, resolve(SOURCE, dirname(from), path));
  return files.includes(`${target}.ts`) ? `${target}.ts` : `${target}/index.ts`;
}

function roomOf(file: string): string {
  const [first = "", second = ""] = file.split("/");
  if (first === "views") return `views/${second}`;
  return file.includes("/") ? first : ".";
}

function mayImport(file: string, target: string): boolean {
  const [from, to] = [roomOf(file), roomOf(target)];
  return from === to || (MAY_IMPORT[from] ?? []).includes(to);
}

/** All files that a file imports, by however many steps. */
function reach(file: string): Set<string> {
  const found = new Set<string>();
  const open = [...(imports.get(file) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(imports.get(next) ?? []));
  }
  return found;
}

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPageHost, type Page } from "../../src/hosts/page/page_host";
import { DAMAGED } from "../../src/hosts/page/page_link";
import { toBase64 } from "../../src/store/base64";
import { makeStudy } from "../study";

const page: Page = {
  manifest: makeStudy().manifest,
  chunks: {},
  session_id: "page",
  height: 600,
  study: "abc",
  ui_state: { probe: 1, filters: {} },
  views: { brought: { state: { filters: { label: [1] } }, selection: [2] } },
};
const SHOWN = { state: { probe: 2, filters: { label: [0] } }, selection: Uint8Array.of(5) };

beforeEach(() => {
  history.replaceState(null, "", "#");
  localStorage.clear();
});
afterEach(() => vi.unstubAllGlobals());

function linkTo(content: unknown): string {
  return `#dv=${toBase64(new TextEncoder().encode(JSON.stringify(content)))}`;
}

test("what was shown is in the address, and comes back with it", () => {
  const first = createPageHost(page);
  expect(location.hash).toBe("");
  first.writeUiState(SHOWN.state);
  first.writeSelection(SHOWN.selection);
  const { address, whole } = first.keeper.link?.() ?? {};
  expect(address).toContain("#dv=");
  expect(whole).toBe(true);
  first.dispose();
  const second = createPageHost(page);
  expect(second.readUiState()).toEqual(SHOWN.state);
  expect(second.readSelection()).toEqual(SHOWN.selection);
  second.dispose();
});

test("a selection that is too large for a link outlives a reload all the same", () => {
  const host = createPageHost({ ...page, manifest: { ...makeStudy().manifest, count: 80_000 } });
  const bits = Uint8Array.from({ length: 10_000 }, (_, i) => i % 251);
  host.writeSelection(bits);
  expect(host.keeper.link?.().whole).toBe(false);
  expect(location.hash.length).toBeLessThan(4000);
  host.dispose();
  const again = createPageHost(page);
  expect(again.readSelection()).toEqual(bits);
  again.dispose();
});

test.each([
  "#dv=",
  "#dv=%",
  "#dv=%E0%A4%A",
  "#dv=***",
  "#dv=_w",
  "#dv=bnVsbA",
  linkTo(3),
  linkTo({ study: "abc" }),
  linkTo({ study: "abc", state: {}, selection: "*" }),
  linkTo({ study: "other", state: { probe: 2 }, selection: [] }),
  linkTo({ state: { probe: 2 } }),
])("%s is told once and ignored", (hash) => {
  history.replaceState(null, "", hash);
  const host = createPageHost(page);
  const words: string[] = [];
  host.onError((said) => words.push(said));
  expect(words).toEqual([DAMAGED]);
  expect(host.readUiState()).toEqual(page.ui_state);
  expect(host.readSelection()).toEqual(new Uint8Array(0));
  host.dispose();
});

test("a fragment of somebody else is none of ours", () => {
  history.replaceState(null, "", "#groups");
  const host = createPageHost(page);
  host.onError((words) => expect(words).toBe("never"));
  expect(host.readUiState()).toEqual(page.ui_state);
  host.dispose();
});

test("a link that is opened in the open page is followed", () => {
  const host = createPageHost(page);
  const heard: string[] = [];
  host.onChange((what) => heard.push(what));
  history.replaceState(null, "", linkTo({ study: "abc", state: { probe: 0 }, selection: [1] }));
  dispatchEvent(new Event("hashchange"));
  expect(heard).toEqual(["selection", "ui_state"]);
  expect(host.readUiState()).toEqual({ probe: 0, filters: {} });
  host.dispose();
  dispatchEvent(new Event("hashchange"));
  expect(heard.length).toBe(2);
});

test("who notes what it shows at the first part of a link is told the second as the link has it", () => {
  const host = createPageHost(page);
  const old = { probe: 2, filters: { label: [1] } };
  host.onChange((what) => {
    if (what === "selection") host.writeUiState(old);
    else host.writeSelection(Uint8Array.of(7));
  });
  history.replaceState(null, "", linkTo({ study: "abc", state: { probe: 0 }, selection: [1] }));
  dispatchEvent(new Event("hashchange"));
  expect(host.readUiState()).toEqual({ probe: 0, filters: {} });
  host.dispose();
});

test("views are kept in the browser beside those of the study", async () => {
  const { keeper, dispose } = createPageHost(page);
  expect((await keeper.act("list", "", SHOWN)).views).toEqual([["brought", false]]);
  await keeper.act("save", "__proto__", SHOWN);
  dispose();
  const again = createPageHost(page);
  const { views } = await again.keeper.act("restore", "__proto__", SHOWN);
  expect(views).toEqual([
    ["brought", false],
    ["__proto__", true],
  ]);
  expect(again.readUiState()).toEqual(SHOWN.state);
  expect(again.readSelection()).toEqual(SHOWN.selection);
  await again.keeper.act("restore", "brought", SHOWN);
  expect(again.readSelection()).toEqual(Uint8Array.of(4));
  await again.keeper.act("delete", "__proto__", SHOWN);
  expect((await again.keeper.act("list", "", SHOWN)).views).toEqual([["brought", false]]);
  again.dispose();
});

test("the views of another study of the same page are others", async () => {
  await createPageHost(page).keeper.act("save", "mine", SHOWN);
  const { views } = await createPageHost({ ...page, study: "d" }).keeper.act("list", "", SHOWN);
  expect(views).toEqual([["brought", false]]);
});

test.each(["{", "[]", "null", '{"a": 1}'])("%s in the storage harms nobody", async (text) => {
  localStorage.setItem(`depthviz/views/abc${location.pathname}`, text);
  const { keeper } = createPageHost(page);
  await keeper.act("save", "mine", SHOWN);
  await expect(keeper.act("restore", "a", SHOWN)).rejects.toThrow("cannot be read");
  await expect(keeper.act("restore", "toString", SHOWN)).rejects.toThrow("cannot be read");
});

test("where the browser keeps nothing a view lasts as long as the page, and that is said", async () => {
  vi.stubGlobal("localStorage", {
    getItem() {
      throw new Error("SecurityError");
    },
    setItem() {
      throw new Error("SecurityError");
    },
  });
  const { keeper } = createPageHost(page);
  expect(keeper.readTheme?.()).toBeNull();
  keeper.writeTheme?.("dark");
  await expect(keeper.act("save", "mine", SHOWN)).rejects.toThrow("keeps nothing");
  expect((await keeper.act("list", "", SHOWN)).views).toHaveLength(2);
});

test("the code gives the same filters, and none where it is examples by name", async () => {
  const { keeper } = createPageHost(page);
  const { code } = await keeper.act("code", "", SHOWN);
  expect(code).toContain(String.raw`json.loads("{\"filters\":{\"label\":[0]}}")`);
  const state = { ...SHOWN.state, selected_only: true };
  expect((await keeper.act("code", "", { ...SHOWN, state })).code).toBe("");
});

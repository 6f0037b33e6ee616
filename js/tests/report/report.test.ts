import { beforeEach, expect, test, vi } from "vitest";

let seen: (entries: readonly Partial<IntersectionObserverEntry>[]) => void;
const brought = vi.fn();

beforeEach(async () => {
  location.hash = "";
  document.body.innerHTML = "";
  for (const [tag, attributes] of [
    ["nav", {}],
    ["main", {}],
  ] as const)
    document.body.append(Object.assign(document.createElement(tag), attributes));
  const [nav, main] = ["nav", "main"].map((tag) => document.querySelector(tag) as HTMLElement);
  for (const id of ["findings", "figures"]) {
    const link = document.createElement("a");
    link.setAttribute("href", `#${id}`);
    nav?.append(link);
    const section = document.createElement("section");
    section.id = id;
    main?.append(section);
  }
  for (const [kind, open] of [
    ["table", false],
    ["table", true],
    ["other", false],
  ] as const) {
    const details = document.createElement("details");
    details.className = kind;
    details.open = open;
    main?.append(details);
  }
  const mount = document.createElement("div");
  mount.setAttribute("data-depthviz-mount", "");
  mount.scrollIntoView = brought;
  main?.append(mount);
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(callback: typeof seen) {
        seen = callback;
      }
      observe() {}
    },
  );
  brought.mockClear();
  vi.resetModules();
  await import("../../src/report/report");
});

function hashIs(hash: string): void {
  location.hash = hash;
  dispatchEvent(new Event("hashchange"));
}

test("a link into the Explorer brings it into sight, and no other does", () => {
  hashIs("#figures");
  expect(brought).not.toHaveBeenCalled();
  hashIs("#dv=e30=");
  expect(brought).toHaveBeenCalled();
});

test("the contents mark the section that has come into sight, and keep it between two", () => {
  const [first, second] = document.querySelectorAll("a");
  const entry = (id: string, isIntersecting: boolean) => ({
    target: document.getElementById(id) as Element,
    isIntersecting,
  });
  seen([entry("findings", true)]);
  expect(first?.getAttribute("aria-current")).toBe("true");
  seen([entry("findings", false)]);
  expect(first?.getAttribute("aria-current")).toBe("true");
  seen([entry("figures", true)]);
  expect(first?.getAttribute("aria-current")).toBeNull();
  expect(second?.getAttribute("aria-current")).toBe("true");
});

test("tables are open on paper, and as they were afterwards", () => {
  const opened = () => [...document.querySelectorAll("details")].map((each) => each.open);
  dispatchEvent(new Event("beforeprint"));
  expect(opened()).toEqual([true, true, false]);
  dispatchEvent(new Event("afterprint"));
  expect(opened()).toEqual([false, true, false]);
});

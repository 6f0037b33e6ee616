import { expect, test, vi } from "vitest";
import { makeStudy, toBase64 } from "./study";

test("a study that cannot be read says so, and the next one of the page is shown", async () => {
  const { manifest, chunks } = makeStudy({ map: false, images: false });
  const packed = Object.fromEntries(Object.entries(chunks).map(([k, v]) => [k, toBase64(v)]));
  for (const text of ["{", JSON.stringify({ manifest, chunks: packed, session_id: "second" })]) {
    const place = document.createElement("div");
    const script = document.createElement("script");
    place.setAttribute("data-depthviz-mount", "");
    script.type = "application/json";
    script.setAttribute("data-depthviz-page", "");
    script.textContent = text;
    document.body.append(place, script);
  }
  await import("../src/index");
  const [first, second] = document.querySelectorAll("[data-depthviz-mount]");
  expect(first?.getAttribute("role")).toBe("alert");
  expect(first?.textContent).toContain("cannot be shown");
  await vi.waitFor(() => expect(second?.querySelector("[data-example-id]")).not.toBeNull());
});

/**
 * The tools at the end of the bar: back, again, and the list of keys.
 */
import { h, setAttribute } from "../parts/dom";
import { anyOf, type Stage, type View } from "../parts/view";

export function createBarTools({ store, signal }: Stage, help: () => void): View {
  const undo = tool("undo", "↶", "Undo the last selection or filter (Ctrl + Z)");
  const redo = tool("redo", "↷", "Do it again (Ctrl + Shift + Z)");
  const keys = tool("help", "?", "All keys (?)");
  setAttribute(keys, "aria-haspopup", "dialog");
  undo.addEventListener("click", () => store.undo.undo(), { signal });
  redo.addEventListener("click", () => store.undo.redo(), { signal });
  keys.addEventListener("click", help, { signal });
  return {
    element: h("div", { class: "bar-tools" }, undo, redo, keys),
    update(changed) {
      if (!anyOf(changed, "filters", "selection", "groups")) return;
      setAttribute(undo, "aria-disabled", String(!store.undo.canUndo));
      setAttribute(redo, "aria-disabled", String(!store.undo.canRedo));
    },
  };
}

function tool(control: string, sign: string, name: string): HTMLButtonElement {
  const attributes = { type: "button", class: "icon", title: name, "aria-label": name };
  return h(
    "button",
    { ...attributes, "data-depthviz-control": control },
    h("span", { "aria-hidden": "true" }, sign),
  );
}

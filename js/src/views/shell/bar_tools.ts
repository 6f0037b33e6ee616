/**
 * The tools at the end of the bar: back, again, and the list of keys.
 */
import { h, setAttribute } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

export function createBarTools(context: ViewContext, help: () => void): View {
  const { store, signal } = context;
  const undo = tool("undo", "↶", "Undo the last selection or filter (Ctrl + Z)");
  const redo = tool("redo", "↷", "Do it again (Ctrl + Shift + Z)");
  const keys = tool("help", "?", "All keys (?)");
  setAttribute(keys, "aria-haspopup", "dialog");
  on(undo, "click", () => store.undo.undo(), { signal });
  on(redo, "click", () => store.undo.redo(), { signal });
  on(keys, "click", help, { signal });
  paintOnChange(context, () => {
    setAttribute(undo, "aria-disabled", String(!store.undo.canUndo));
    setAttribute(redo, "aria-disabled", String(!store.undo.canRedo));
  });
  return { element: h("div", { class: "bar-tools" }, undo, redo, keys) };
}

function tool(control: string, sign: string, name: string): HTMLButtonElement {
  const attributes = { type: "button", class: "icon", title: name, "aria-label": name };
  return h(
    "button",
    { ...attributes, "data-depthviz-control": control },
    h("span", { "aria-hidden": "true" }, sign),
  );
}

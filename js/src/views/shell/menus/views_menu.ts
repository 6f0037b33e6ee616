/**
 * Views that are kept under a name: restored, saved and deleted; and the ways to come back to this one from elsewhere.
 */
import type { KeepAct, Keeper } from "../../../store/keeping/keeper";
import { codeOf } from "../../../store/keeping/table";
import { packMask } from "../../../store/masks";
import { h, hasFocus } from "../../parts/dom";
import { on } from "../../parts/interaction";
import { copied } from "../../parts/leaving/clipboard";
import { createMenu, menuItem } from "../../parts/menu";
import type { View, ViewContext } from "../../parts/view";

const PARTIAL = " Without the selection, which is too large for a link.";

export function createViewsMenu(context: ViewContext, keeper: Keeper): View {
  const { store, signal } = context;
  const menu = createMenu(context, "Views", () => void show("list"));
  const list = h("div");
  const label = "Name of this view";
  const name = h("input", { "aria-label": label, placeholder: label, maxlength: 200 });
  const saving = { type: "submit", class: "tool", control: "save-view" };
  const save = h("button", saving, "Save");
  const form = h("form", { class: "menu-row" }, name, save);
  const link = menuItem("copy-link", "Copy link to this view", () => void copyLink());
  link.hidden = !keeper.link;
  const code = menuItem("copy-code", "Copy Python code", () => void show("code"));
  // A new one stands below the button that was pressed, never under the pointer with its way to be deleted.
  menu.items.append(form, link, code, list);

  /** Do it, then show what is kept. */
  async function show(what: KeepAct, view = "", done = ""): Promise<void> {
    try {
      const moment = { state: { ...store.uiState() }, selection: packMask(store.selection.flags) };
      const kept = await keeper.act(what, view, moment);
      if (hasFocus(list)) name.focus();
      list.replaceChildren(...kept.views.map(([one, own]) => rowOf(one, own)));
      const text = kept.code || codeOf(store, store.listing);
      menu.say(what === "code" ? await copied(text) : done);
    } catch (reason) {
      menu.say(String(reason).replace("Error: ", ""));
    }
  }

  function rowOf(view: string, own: boolean): HTMLElement {
    const open = menuItem("restore-view", view, () => void show("restore", view, "Restored."));
    const drop = menuItem("delete-view", "×", () => void show("delete", view, "Deleted."));
    open.title = view;
    drop.title = drop.ariaLabel = `Delete ${view}`;
    drop.hidden = !own;
    return h("div", { class: "menu-row" }, open, drop);
  }

  async function copyLink(): Promise<void> {
    const { address = "", whole } = keeper.link?.() ?? {};
    menu.say((await copied(address)) + (whole ? "" : PARTIAL));
  }

  const submit = (event: Event) => {
    event.preventDefault();
    const view = name.value.trim();
    if (view !== "") void show("save", view, "Saved.");
    name.value = "";
  };
  on(form, "submit", submit, signal);
  return menu;
}

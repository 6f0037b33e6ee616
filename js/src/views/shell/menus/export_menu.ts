/**
 * What a person takes out of the view: a table of examples, their ids, the Python that selects them.
 */
import { formatCount } from "../../../store/columns";
import { codeOf, idsOf, tableOf } from "../../../store/keeping/table";
import { indicesOf } from "../../../store/selection";
import type { Store } from "../../../store/store";
import { h } from "../../parts/dom";
import { copied } from "../../parts/leaving/clipboard";
import { offerFile } from "../../parts/leaving/download";
import { createMenu, menuItem } from "../../parts/menu";
import type { View, ViewContext } from "../../parts/view";

type Which = "selected" | "shown";

function examplesOf(store: Store, which: Which): Uint32Array {
  return which === "shown" ? store.listing : indicesOf(store.selection.flags);
}

/** Offer a table of examples as a file. */
export function saveTable(store: Store, which: Which = "selected"): void {
  const indices = examplesOf(store, which);
  if (indices.length > 0) offerFile(`${which}_examples.csv`, "text/csv", tableOf(store, indices));
}

export function createExportMenu(context: ViewContext): View {
  const { store } = context;
  const menu = createMenu(context, "Export", () => {
    menu.items.replaceChildren(...partOf("selected"), ...partOf("shown"));
  });
  const copy = async (text: string) => menu.say(await copied(text));

  function partOf(which: Which): HTMLElement[] {
    const indices = examplesOf(store, which);
    if (indices.length === 0) return [];
    return [
      h("p", { class: "hint" }, `${formatCount(indices.length)} ${which}`),
      menuItem(`table-${which}`, "Download table", () => saveTable(store, which)),
      menuItem(`python-${which}`, "Copy for Python", () => copy(codeOf(store, indices))),
      menuItem(`ids-${which}`, "Copy ids", () => copy(idsOf(store, indices).join("\n"))),
    ];
  }
  return menu;
}

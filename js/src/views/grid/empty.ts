/**
 * What stands in the place of the examples where none is listed: what keeps them away, and the way to let it go.
 */

import { formatCount } from "../../store/columns";
import { describeFilters } from "../../store/filters/filter_words";
import type { Coded } from "../../store/filters/filters";
import { h, keepFocus, setText } from "../parts/dom";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

export function createEmpty(context: ViewContext): View {
  const { store } = context;
  const words = h("p");
  const drops = h("p");
  const element = h("div", { class: "empty" }, words, drops);
  const all: Coded = { codes: new Uint8Array(store.manifest.count), size: 1 };

  function drop(text: string, without: number | undefined, act: () => void): HTMLElement {
    const count = h("span", { class: "hint" }, ` ${formatCount(without ?? 0)} would pass`);
    const button = h("button", { class: "tool", control: "drop-filter" }, text, count);
    button.onclick = () => {
      keepFocus(element);
      act();
    };
    return button;
  }

  paintOnChange(context, () => {
    element.hidden = store.listing.length > 0;
    if (element.hidden) return;
    const { names, shownCount } = store.filters;
    const phrases = describeFilters(store);
    setText(words, `No ${store.selectedOnly ? "selected " : ""}example passes the filters.`);
    const { count } = store.manifest;
    drops.replaceChildren(
      ...(store.selectedOnly
        ? [drop("Not the selected alone", shownCount, () => store.setSelectedOnly(false))]
        : names.map((name, i) =>
            drop(`Without ${phrases[i]}`, store.tally(all, name)[0], () =>
              store.setFilter(name, []),
            ),
          )),
      ...(names.length > 1 ? [drop("Clear filters", count, () => store.clearFilters())] : []),
    );
  });
  return { element };
}

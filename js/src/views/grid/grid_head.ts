/**
 * The head of the grid: how many examples it lists, in which order, and whether only the selected ones.
 */
import { formatCount } from "../../store/columns";
import { isFalling, orderInWords } from "../../store/listing/order_words";
import { CELL_SIZES } from "../../store/saved_state";
import { columnOptions } from "../parts/column_options";
import { h, options, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

const SIZE_HELP =
  "Size of the pictures: small, medium or large (+ and − in the grid); small ones have no words";

export function createGridHead(context: ViewContext): View {
  const { store, signal } = context;
  const count = h("h3", { class: "listed" });
  const sort = h(
    "select",
    { control: "sort", "aria-label": "Sort by" },
    ...columnOptions(store.columns.values()),
  );
  const size = h(
    "select",
    { control: "size", "aria-label": "Size", title: SIZE_HELP },
    ...options(CELL_SIZES.map((name) => [name, name.charAt(0).toUpperCase()] as const)),
  );
  const arrow = h("span");
  const words = h("span");
  const direction = h("button", { class: "tool direction" }, arrow, words);
  const only = h("input", { type: "checkbox", role: "switch" });
  const narrow = h("label", { class: "switch" }, only, "selected only");

  on(sort, "change", () => store.setSort(sort.value), signal);
  on(size, "change", () => store.setSize(size.value), signal);
  on(direction, "click", () => store.setSort(store.sort, !store.reversed), signal);
  on(
    only,
    "change",
    () => {
      store.setSelectedOnly(only.checked);
      only.checked = store.selectedOnly;
    },
    signal,
  );

  const parts = [count, sort, direction, h("span", { class: "apart" }), narrow, size];
  const element = h("div", { class: "head" }, ...parts);
  paintOnChange(context, () => {
    size.value = store.size;
    setText(count, countText(store.listing.length));
    sort.value = store.sort;
    only.checked = store.selectedOnly;
    setAttribute(only, "aria-disabled", String(store.selection.count === 0));
    setAttribute(narrow, "data-useless", store.selection.count === 0);
    setText(arrow, isFalling(store) ? "↓" : "↑");
    setText(words, ` ${orderInWords(store)}`);
    setAttribute(direction, "title", `Sorted: ${orderInWords(store)}; turn the order round`);
    setAttribute(sort, "title", sort.selectedOptions[0]?.title);
  });
  return { element };
}

function countText(count: number): string {
  return count === 1 ? "1 example" : `${formatCount(count)} examples`;
}

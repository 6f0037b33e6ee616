/**
 * A search in a column of texts: keeps the examples whose text contains what is typed, whatever the case.
 */
import type { TextColumn } from "../../store/columns";
import type { TextFilter } from "../../store/filters/filters";
import { h } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

export function createTextSearch(context: ViewContext, { info }: TextColumn): View {
  const { store, signal } = context;
  const input = h("input", {
    type: "search",
    placeholder: "contains …",
    "aria-label": `${info.title} contains`,
    control: "contains",
  });
  const kept = () => (store.filters.get(info.name) as TextFilter | undefined)?.contains ?? "";
  on(input, "input", () => store.setFilter(info.name, { contains: input.value }), {
    signal,
  });
  paintOnChange(context, () => {
    if (input.value.trim() !== kept().trim()) input.value = kept();
  });
  return { element: input };
}

/**
 * The histogram of a column of codes: one bar a category, the commonest first where there are many.
 */
import { type CodeColumn, formatCount } from "../../store/columns";
import { h } from "../parts/dom";
import type { View, ViewContext } from "../parts/view";
import { createBars } from "./bars";

const FEW = 20;
const MOST_LISTED = 200;

export function createCategoryBars(context: ViewContext, { codes, names, info }: CodeColumn): View {
  const totals = new Uint32Array(65536);
  for (const code of codes) totals[code] = (totals[code] as number) + 1;
  const rows = names.map((name, code) => {
    const total = totals[code] as number;
    return { code, name, title: name, total };
  });
  if (names.length > FEW) rows.sort((a, b) => b.total - a.total);
  const most = rows.reduce((a, { total }) => Math.max(a, total), 1);
  const bars = createBars(context, info.name, rows.slice(0, MOST_LISTED), most);
  const left = rows.length - MOST_LISTED;
  const more = left > 0 ? [h("p", { class: "hint" }, `${formatCount(left)} rarer ones`)] : [];
  return { element: h("div", {}, bars.element, ...more) };
}

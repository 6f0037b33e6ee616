/**
 * The filters by label and by every category that has few values; of many networks, groups come first, under their plane. Of one
 * network a plane of depth and confidence stands there.
 *
 * A category that all examples share would filter nothing and is left out.
 */
import type { CodeColumn, Column } from "../../store/columns";
import type { Store } from "../../store/store";
import { h } from "../parts/dom";
import type { View, ViewContext } from "../parts/view";
import { createChips } from "./chips";
import { createPlane } from "./plane";
import { createPlaneAlone } from "./plane_alone";

const FEW = 12;
const FIRST = ["group", "label"];

export function createGroups(context: ViewContext): View {
  const panels = filterColumns(context.store).map((column) => createChips(context, column));
  const elements = panels.map((panel) => panel.element);
  const plane = createPlane(context);
  const grouped = elements.find((element) => element.dataset.depthvizFilter === "group");
  if (plane) grouped?.firstElementChild?.after(plane.element);
  const planeAlone = createPlaneAlone(context);
  if (planeAlone) elements.unshift(planeAlone.element);
  return { element: h("div", { "data-depthviz-view": "groups", class: "groups" }, ...elements) };
}

function filterColumns(store: Store): CodeColumn[] {
  const useful = [...store.columns.values()].filter(isUseful);
  const place = ({ info }: Column) =>
    (FIRST.indexOf(info.name) + FIRST.length + 1) % (FIRST.length + 1);
  return useful.sort((a, b) => place(a) - place(b)) as CodeColumn[];
}

/** Codes that occur at all: what a filter hides at the moment still deserves its panel. */
function distinct({ codes, missing }: CodeColumn): Set<number> {
  const found = new Set<number>(codes);
  found.delete(missing);
  return found;
}

function isUseful(column: Column): boolean {
  if (column.type !== "code") return false;
  if (FIRST.includes(column.info.name)) return true;
  if (column.info.kind !== "category" || column.names.length > FEW) return false;
  return distinct(column).size > 1;
}

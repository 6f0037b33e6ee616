/**
 * What places the examples: the map, or two columns of numbers.
 */
import type { Computed } from "../../../store/reactive";
import type { Store } from "../../../store/store";
import { columnHelp, columnOptions } from "../../parts/column_options";
import { h, options, setAttribute, setText } from "../../parts/dom";
import { on } from "../../parts/interaction";
import { paintOnChange, type ViewContext } from "../../parts/view";
import type { ColumnPlaces } from "./places";

/** What is usually drawn against what, the first to the right. */
const PAIRS = [
  ["data_map_variability", "data_map_confidence"],
  ["purity", "informativeness"],
  ["depth", "loss"],
  ["depth", "confidence"],
] as const;

export function createAxesChoice(
  context: ViewContext,
  places: Computed<ColumnPlaces | null>,
): HTMLElement {
  const { store, signal } = context;
  const numbers = [...store.columns.values()].filter(({ type }) => type === "number");
  const map = store.manifest.map ? "Map" : "None";
  const across = h("select", { control: "axis-x" }, ...options([["", map]]));
  const up = h("select", { control: "axis-y" });
  const selects = [across, up] as const;
  for (const select of selects) select.append(...columnOptions(numbers));
  const names = selects.map(() => h("span"));
  const labels = selects.map((select, i) => h("label", { class: "field" }, names[i] ?? "", select));
  const choose = (x: string, y: string) => store.setAxes(x ? [x, y || partnerOf(store, x)] : null);
  on(across, "change", () => choose(across.value, store.axes?.[1] ?? ""), signal);
  on(up, "change", () => choose(across.value, up.value), signal);
  paintOnChange(context, () => {
    const { axes } = store;
    (labels[1] as HTMLElement).hidden = !axes;
    ["Axes", "y"].forEach((name, i) => {
      const select = selects[i] as HTMLSelectElement;
      const column = store.columns.get(axes?.[i] ?? "");
      const spread = places.value?.rulers[i]?.gap ? SPREAD_HELP : "";
      select.value = axes?.[i] ?? "";
      setText(names[i] as HTMLElement, axes && i === 0 ? "x" : name);
      setAttribute(select, "title", column ? columnHelp(column.info) + spread : MAP_HELP);
    });
  });
  return h("div", { class: "axes-choice" }, ...labels);
}

const MAP_HELP = "Place the examples by the map, or by two columns of numbers";
const SPREAD_HELP =
  "\nThese are few values: points are spread a little around each, so that none hides another.";

function partnerOf({ columns }: Store, name: string): string {
  const others = PAIRS.flatMap(([x, y]) => (x === name ? [y] : y === name ? [x] : []));
  const known = [...others, "confidence", ...columns.keys()].filter(
    (other) => other !== name && columns.get(other)?.type === "number",
  );
  return known[0] ?? name;
}

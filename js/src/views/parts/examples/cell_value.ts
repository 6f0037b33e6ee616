/**
 * The value that an example is sorted by, as short as a cell needs it.
 */
import { textOf } from "../../../store/columns";
import { DEPTHS } from "../../../store/depths";
import { hasTwoDepths, numberOf } from "../../../store/lookups";
import type { Store } from "../../../store/store";

export interface CellValue {
  readonly text: string;
  readonly name: string;
  readonly title: string;
}

/** What the cell says anyway. */
const SAID = ["label", "label_name", "given_label", "example_id"];

export function createCellValue(store: Store, index: number): CellValue {
  const column = store.columns.get(shownFor(store));
  if (!column || SAID.includes(column.info.name)) return { text: "", name: "", title: "" };
  const { name, title, integer } = column.info;
  const value = numberOf(store, name, index);
  if (column.type !== "number") return { text: textOf(column, index), name: title, title };
  const isShort = value !== undefined && Number.isFinite(value) && !integer;
  const text =
    value === undefined ? "–" : isShort ? shortNumber(value, name) : textOf(column, index);
  return { text, name: title, title: `${title}: ${text}` };
}

/** Many networks rank all examples by their suspicion, which says more than its rank; one network ranks each split by itself. */
function shownFor(store: Store): string {
  const ranked = store.sort === "suspicion_rank" && hasTwoDepths(store);
  return ranked && store.columns.has("suspicion") ? "suspicion" : store.sort;
}

/** Depths are means over networks, to a tenth; other numbers have two digits that tell. */
function shortNumber(value: number, name: string): string {
  if (DEPTHS.includes(name) || Math.abs(value) >= 10) return signed(value.toFixed(1));
  return Math.abs(value) >= 1 || value === 0
    ? signed(value.toFixed(1))
    : signed(String(Number(value.toPrecision(2))));
}

function signed(text: string): string {
  return text.replace("-", "−");
}

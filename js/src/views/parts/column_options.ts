/**
 * The columns of a study as options of a select, in groups: a study of many networks has dozens.
 */
import type { Column } from "../../store/columns";
import { h, options } from "./dom";

type Choice = readonly [value: string, text: string];

/** `extra` are no columns, and stand under the last name. */
export function columnOptions(
  columns: Iterable<Column>,
  extra: readonly Choice[] = [],
): HTMLOptGroupElement[] {
  const groups: Readonly<Record<string, Choice[]>> = {
    "How hard": [],
    "Classes and groups": [...extra],
    More: [],
    "Of one network": [],
  };
  for (const { type, info } of columns) {
    if (PREVIEWS && info.per_block) continue;
    const measure = info.harder ? "How hard" : "More";
    const name = type === "code" ? "Classes and groups" : measure;
    groups[info.of_member ? "Of one network" : name]?.push([info.name, info.title]);
  }
  return Object.entries(groups)
    .filter(([, choices]) => choices.length > 0)
    .map(([label, choices]) => h("optgroup", { label }, ...options(choices)));
}

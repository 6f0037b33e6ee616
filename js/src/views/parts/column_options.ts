/**
 * The columns of a study as options of a select, in groups: a study of many networks has dozens.
 */
import type { Column } from "../../store/columns";
import type { ColumnInfo } from "../../store/manifest";
import { h } from "./dom";

type Choice = readonly [value: string, text: string];

/** `extra` are no columns, and stand under the last name. */
export function columnOptions(
  columns: Iterable<Column>,
  extra: readonly Choice[] = [],
): HTMLOptGroupElement[] {
  const groups: Readonly<Record<string, HTMLOptionElement[]>> = {
    "How hard": [],
    "Classes and groups": extra.map(([value, text]) => h("option", { value }, text)),
    More: [],
    "Of one network": [],
  };
  for (const { type, info } of columns) {
    if (PREVIEWS && info.per_block) continue;
    const measure = info.harder ? "How hard" : "More";
    const name = type === "code" ? "Classes and groups" : measure;
    const title = columnHelp(info);
    groups[info.of_member ? "Of one network" : name]?.push(
      h("option", { value: info.name, title }, info.title),
    );
  }
  return Object.entries(groups)
    .filter(([, choices]) => choices.length > 0)
    .map(([label, choices]) => h("optgroup", { label }, ...choices));
}

/** The title of a column, and all that is known of it: what it measures, which end is hard, where it is from. */
export function columnHelp({ help, harder, reference, title }: ColumnInfo): string {
  const end = harder && `${harder} is harder`;
  return [title, help, end, reference].filter(Boolean).join("\n");
}

/**
 * How a study is annotated, read from what a host was handed, and the verdicts where nobody named any.
 */
import { isRecord } from "../store/keeping/moment";
import type { Schema, Settings, Verdict } from "./contract";

/** As Python's `depthviz.widgets.annotating.schema` has them. */
export const USUAL_SCHEMA: Schema = {
  version: 1,
  verdicts: [
    { value: "wrong label", title: "Wrong", key: "1", relabels: true },
    { value: "correct", title: "Correct", key: "2", confirms: true },
    { value: "ambiguous", title: "Ambiguous", key: "3" },
    { value: "not sure", title: "Not sure", key: "4" },
  ].flatMap(readVerdict),
  tags: [],
};

/** Read settings; null where there are none. */
export function readSettings(raw: unknown): Settings | null {
  if (!isRecord(raw)) return null;
  const { schema, annotator, blind, data, same } = raw;
  return {
    schema: readSchema(schema),
    annotator: typeof annotator === "string" ? annotator : "",
    blind: blind === true,
    data: typeof data === "string" ? data : "",
    same: Array.isArray(same) ? same.filter((one) => typeof one === "string") : [],
  };
}

/** Python has checked it; a page may have been changed since. */
function readSchema(raw: unknown): Schema {
  if (!isRecord(raw) || !Array.isArray(raw.verdicts)) return USUAL_SCHEMA;
  const verdicts = raw.verdicts.filter(isRecord).flatMap(readVerdict);
  const tags = Array.isArray(raw.tags) ? raw.tags.filter((tag) => typeof tag === "string") : [];
  return verdicts.length > 0 ? { version: 1, verdicts, tags } : USUAL_SCHEMA;
}

function readVerdict(raw: Readonly<Record<string, unknown>>): Verdict[] {
  const { value, title, key, color, relabels, confirms } = raw;
  if (typeof value !== "string" || value === "") return [];
  const text = (given: unknown) => (typeof given === "string" ? given : "");
  return [
    {
      ...{ value, title: text(title) || value, key: text(key), color: text(color) },
      ...{ relabels: relabels === true, confirms: confirms === true },
    },
  ];
}

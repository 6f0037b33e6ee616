/**
 * A small study that is annotated: a store with the columns of decisions, and a desk.
 */
import type { AnnotationEvent, Settings } from "../../src/annotations/contract";
import { StoreDesk } from "../../src/annotations/desk";
import { USUAL_SCHEMA } from "../../src/annotations/settings";
import { decodeColumn } from "../../src/store/columns";
import type { ColumnInfo } from "../../src/store/manifest";
import { Store } from "../../src/store/store";
import { makeStudy, numberBytes, type Study, type StudyOptions } from "../study";

export const DECISION_COLUMNS: readonly ColumnInfo[] = [
  {
    name: "verdict",
    kind: "category",
    dtype: "uint8",
    title: "Verdict",
    categories: ["wrong label", "correct", "ambiguous", "not sure", "disputed", "other"],
    changes: true,
  },
  { name: "annotators", kind: "number", dtype: "float32", title: "Annotators", changes: true },
  { name: "disagreement", kind: "number", dtype: "float32", title: "Disagreement", changes: true },
];

/** A study with columns of decisions, of which none is made. */
export function makeAnnotatedStudy(options: StudyOptions = {}): Study {
  const { manifest, chunks } = makeStudy(options);
  const more = {
    "column/verdict": new Uint8Array(manifest.count).fill(255),
    "column/annotators": numberBytes(new Array(manifest.count).fill(0)),
    "column/disagreement": numberBytes(new Array(manifest.count).fill(Number.NaN)),
  };
  const sizes = Object.entries(more).map(([name, { length }]) => [name, length]);
  return {
    manifest: {
      ...manifest,
      columns: [...manifest.columns, ...DECISION_COLUMNS],
      chunks: { ...manifest.chunks, ...Object.fromEntries(sizes) },
    },
    chunks: { ...chunks, ...more },
  };
}

export const SETTINGS: Settings = {
  schema: USUAL_SCHEMA,
  annotator: "jana",
  blind: false,
  data: "d1",
  same: [],
};

export function makeAnnotatedStore(options: StudyOptions = {}): Store {
  const { manifest, chunks } = makeAnnotatedStudy(options);
  const columns = manifest.columns.flatMap((info) => {
    const bytes = chunks[`column/${info.name}`];
    return bytes ? [[info.name, decodeColumn(info, bytes, manifest)] as const] : [];
  });
  return new Store(manifest, new Map(columns));
}

export function makeDesk(settings: Partial<Settings> = {}, options: StudyOptions = {}) {
  const store = makeAnnotatedStore(options);
  return { store, desk: new StoreDesk(store, { ...SETTINGS, ...settings }) };
}

let made = 0;

/** An event of another annotator, later than those before. */
export function eventOf(event: Partial<AnnotationEvent>): AnnotationEvent {
  const number = ++made;
  const tail = String(number).padStart(12, "0");
  return {
    id: `01900000-0000-7000-8000-${tail}`,
    time: `2026-01-01T00:00:00.${String(number).padStart(6, "0")}Z`,
    annotator: "otto",
    kind: "human",
    example: "e0",
    field: "verdict",
    value: "correct",
    previous: null,
    data: "d1",
    input: "",
    context: {},
    latency: null,
    undoes: null,
    batch: null,
    ...event,
  };
}

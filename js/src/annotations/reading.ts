/**
 * Events of any origin, read as any text is: a kernel, a page that was changed, a storage that all pages of a disk share.
 */
import { isRecord } from "../store/keeping/moment";
import type { AnnotationEvent } from "./contract";
import { instantOf } from "./instants";

/** Those that are events; anything else is left out. */
export function readEvents(raw: unknown): AnnotationEvent[] {
  return (Array.isArray(raw) ? raw : []).flatMap((each) => readEvent(each) ?? []);
}

function readEvent(raw: unknown): AnnotationEvent | null {
  if (!isRecord(raw)) return null;
  const { id, time, annotator, kind, example, field, latency, context } = raw;
  if (!isName(id) || !isName(annotator) || !isName(example) || !isName(field)) return null;
  if (typeof time !== "string" || Number.isNaN(instantOf(time))) return null;
  return {
    ...{ id, time, annotator, example, field },
    kind: kind === "model" || kind === "rule" ? kind : "human",
    value: textOf(raw.value),
    previous: textOf(raw.previous),
    data: textOf(raw.data) ?? "",
    input: textOf(raw.input) ?? "",
    context: isRecord(context) ? context : {},
    latency: typeof latency === "number" && latency >= 0 ? latency : null,
    undoes: textOf(raw.undoes),
    batch: textOf(raw.batch),
  };
}

function isName(raw: unknown): raw is string {
  return typeof raw === "string" && raw !== "";
}

function textOf(raw: unknown): string | null {
  return typeof raw === "string" ? raw : null;
}

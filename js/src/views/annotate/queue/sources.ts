/**
 * Where a queue comes from: the examples that were listed, those that are selected, a group, those on which annotators disagree;
 * in random order, or by any column.
 */
import type { Desk } from "../../../annotations/contract";
import { describeFilters } from "../../../store/filters/filter_words";
import { sortOrder } from "../../../store/listing/order";
import { codeOf, numberOf } from "../../../store/lookups";
import { indicesOf } from "../../../store/selection";
import type { Store } from "../../../store/store";
import { makeQueue, type Queue, shuffled } from "./queue";

export interface Settings {
  /** "listed", "selected", "all", "disagreement", or "group " and a code. */
  readonly from: string;
  /** "random", or a column. */
  readonly by: string;
}

export const USUAL_SETTINGS: Settings = { from: "listed", by: "random" };

const DISAGREEMENT = "disagreement";

/** What a queue rests on beside the settings. */
export interface Base {
  /** What was listed when the review began. */
  readonly listed: Uint32Array;
  readonly annotator: string;
  readonly blind: boolean;
}

export function queueOf(store: Store, desk: Desk, base: Base, settings: Settings): Queue {
  const indices = indicesFrom(store, base, settings.from);
  const by = base.blind ? "random" : settings.by;
  const column = store.columns.get(by);
  const order = column
    ? inOrder(indices, sortOrder(column))
    : shuffled(indices, `${base.annotator} ${store.manifest.title}`);
  return makeQueue(order, (index) => (desk.mine(index)?.verdict ?? null) !== null);
}

function indicesFrom(store: Store, { listed }: Base, from: string): Uint32Array {
  const all = Uint32Array.from({ length: store.manifest.count }, (_, index) => index);
  if (from === "all") return all;
  if (from === "selected") return indicesOf(store.selection.flags);
  if (from === DISAGREEMENT) return all.filter((index) => isContested(store, index));
  const [, code] = /^group (\d+)$/.exec(from) ?? [];
  if (code === undefined) return listed;
  return all.filter((index) => codeOf(store, "group", index) === Number(code));
}

/** A share or a count, or a word for it. */
function isContested(store: Store, index: number): boolean {
  const column = store.columns.get(DISAGREEMENT);
  if (column?.type === "code") return (codeOf(store, DISAGREEMENT, index) ?? 0) > 0;
  return (numberOf(store, DISAGREEMENT, index) ?? 0) > 0;
}

function inOrder(indices: Uint32Array, order: Uint32Array): Uint32Array {
  const wanted = new Set(indices);
  return order.filter((index) => wanted.has(index));
}

type Option = readonly [value: string, text: string];

/** What can be reviewed, in the words of the choice. */
export function sourceOptions(store: Store, listedCount: number): Option[] {
  const { count } = store.manifest;
  const phrases = describeFilters(store);
  const listed = phrases.length > 0 ? phrases.join(", ") : "the examples listed";
  const group = store.columns.get("group");
  const groups = group?.type === "code" ? group.names : [];
  return [
    ...(listedCount < count ? [["listed", listed] as const] : []),
    ["all", "all examples"],
    ...(store.selection.count > 0 ? [["selected", "the selected"] as const] : []),
    ...groups.map((name, code): Option => [`group ${code}`, `group: ${name}`]),
    ...(store.columns.has(DISAGREEMENT) ? [[DISAGREEMENT, "where people disagree"] as const] : []),
  ];
}

/** By what it can be ordered. */
export function orderOptions(store: Store): Option[] {
  const columns = [...store.columns.values()].filter(({ type }) => type !== "text");
  return [
    ["random", "in random order"],
    ...columns.map(({ info }): Option => [info.name, `by ${lower(info.title)}`]),
  ];
}

function lower(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

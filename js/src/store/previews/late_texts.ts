/**
 * The texts of the examples, which come block by block into the column that searches and tables read.
 *
 * A search goes through those that are there.
 */
import type { Column, TextColumn } from "../columns";
import type { ColumnInfo } from "../manifest";
import { type Blocks, createBlocks, type Load } from "./blocks";
import { createSearchIndex } from "./search_index";

/** One field of a row: its name, its value, what is usual among the neighbors, and how far the value is from that. */
export type Field = readonly [name: string, value: string, usual: string, far: number];

/** The text of one example, as far as the page has it. */
export interface Passage {
  readonly text: string;
  /** Characters of all of it, where this is only its beginning. */
  readonly cutFrom: number | undefined;
  /** Characters that the network was given, where that is less than all. */
  readonly read: number | undefined;
  /** Whether the page carries it at all. */
  readonly carried: boolean;
  /** Of a row of a table its fields, which the text has a line each. */
  readonly fields?: readonly Field[] | undefined;
}

export interface LateTexts extends Blocks {
  /** Characters that most have at most. */
  readonly letters: number;
  /** How many fields the rows of a table have. */
  readonly fields: number | undefined;
  /** The text of an example; undefined while it is on its way. */
  passage(index: number): Passage | undefined;
  /** Whether each text that has come contains the words, which are in lower case; the next search writes into the same array. */
  search(wanted: string): Uint8Array;
}

export interface LateColumn extends TextColumn {
  readonly late: LateTexts;
}

/** As they travel: a text; the beginning of one, how long it is, and how much of it the network was given; a row; or nothing. */
type Entry =
  | string
  | readonly [beginning: string, all: number, read?: number]
  | { readonly row: readonly Field[] }
  | null;

/** A column without texts, which come when they are wanted. */
export function createLateColumn(info: ColumnInfo, count: number, load: Load): LateColumn {
  const texts: string[] = new Array(count).fill("");
  const totals = new Map<number, number>();
  const reads = new Map<number, number>();
  const missing = new Set<number>();
  const rows = new Map<number, readonly Field[]>();
  const perBlock = info.per_block ?? count;
  const index = createSearchIndex(texts, perBlock);

  function take(first: number, bytes: Uint8Array): void {
    const entries = JSON.parse(new TextDecoder().decode(bytes));
    if (!Array.isArray(entries)) throw new Error("A block of texts is damaged.");
    entries.forEach((entry: Entry, place) => {
      const at = first + place;
      if (entry === null) missing.add(at);
      else if (typeof entry === "string") texts[at] = entry;
      else if ("row" in entry) {
        rows.set(at, entry.row);
        texts[at] = entry.row.map(([name, value]) => `${name}: ${value}`).join("\n");
      } else {
        const [beginning, all, read] = entry;
        texts[at] = beginning;
        if ([...beginning].length < all) totals.set(at, all);
        if (read !== undefined) reads.set(at, read);
      }
    });
    index.renew(first / perBlock);
  }

  const blocks = createBlocks({ family: info.name, count, perBlock }, load, take);
  const late: LateTexts = Object.assign(blocks, {
    search: index.search,
    letters: info.usual_length ?? 200,
    fields: info.fields,
    passage(example: number): Passage | undefined {
      if (!blocks.has(example)) return undefined;
      const text = texts[example] ?? "";
      return {
        text,
        cutFrom: totals.get(example),
        read: reads.get(example),
        carried: !missing.has(example),
        fields: rows.get(example),
      };
    },
  });
  return { type: "text", info, texts, late };
}

/** The texts of a study, where it has any. */
export function lateColumn(columns: ReadonlyMap<string, Column>): LateColumn | undefined {
  for (const column of columns.values()) if ("late" in column) return column as LateColumn;
  return undefined;
}

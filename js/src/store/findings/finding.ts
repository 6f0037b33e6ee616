/**
 * A finding: one thing about a study that is worth a look, with what shows it: filters, an order, a color, a probe.
 */
import type { Filter } from "../filters/filters";

export interface Finding {
  readonly key: string;
  readonly count: number;
  /** Goes on after the number: "look like a different class". */
  readonly title: string;
  /** What that means, in a few words. */
  readonly note: string;
  /** Why it says little, where it does. */
  readonly weak: string;
  /** What a person would do with it. */
  readonly verb: string;
  /** The group that it is about, where it is about one. */
  readonly group: string | null;
  readonly filters: Readonly<Record<string, Filter>>;
  readonly sort: string;
  readonly color: string;
  readonly probe: number | null;
}

export type Draft = Partial<Finding> &
  Pick<Finding, "key" | "title" | "note" | "verb" | "filters"> & {
    /** Columns to sort by, the first that the study has. */
    readonly sorts: readonly string[];
    readonly colors: readonly string[];
  };

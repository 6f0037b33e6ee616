/**
 * The columns that decisions are: `verdict`, `annotators` and `disagreement`, by the rules of Python's `Annotations.columns`.
 *
 * They are written in place, so that filters, colors, order and histograms go by what is decided now.
 */
import type { CodeColumn, NumberColumn } from "../store/columns";
import type { Store } from "../store/store";
import type { Said } from "./contract";

export const DECIDED = ["verdict", "annotators", "disagreement"] as const;

export const DISPUTED = "disputed";

/** Verdicts that came after the study was shown, and that its filter has no name for. */
export const OTHER = "other";

/** Writes what is said of an example into the columns that the study has. */
export function createColumns({ columns }: Pick<Store, "columns">) {
  const [verdict, annotators, disagreement] = DECIDED.map((name) => columns.get(name));
  const words = verdict?.type === "code" ? createWords(verdict) : null;
  const write = (column: NumberColumn | undefined, index: number, value: number) => {
    if (column) column.values[index] = value;
  };
  const numbers = [annotators, disagreement].map((column) =>
    column?.type === "number" ? column : undefined,
  );
  return (index: number, said: readonly Said[]): void => {
    const verdicts = said.flatMap((each) => each.verdict ?? []);
    words?.(index, majority(verdicts));
    write(numbers[0], index, verdicts.length);
    write(numbers[1], index, disagreementOf(verdicts));
  };
}

function createWords({ codes, missing, names }: CodeColumn) {
  const other = names.indexOf(OTHER);
  return (index: number, word: string | null) => {
    const code = word === null ? missing : names.indexOf(word);
    codes[index] = code >= 0 ? code : other >= 0 ? other : missing;
  };
}

/** The commonest verdict; "disputed" where two are, none where there is none. */
export function majority(verdicts: readonly string[]): string | null {
  const [first, second] = [...countsOf(verdicts)].sort((a, b) => b[1] - a[1]);
  if (!first) return null;
  return second && second[1] === first[1] ? DISPUTED : first[0];
}

/** The share of pairs of verdicts that differ; NaN below two. */
export function disagreementOf(verdicts: readonly string[]): number {
  const pairs = verdicts.length * (verdicts.length - 1);
  let same = 0;
  for (const count of countsOf(verdicts).values()) same += count * (count - 1);
  return pairs > 0 ? 1 - same / pairs : Number.NaN;
}

function countsOf(verdicts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const verdict of verdicts) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return counts;
}

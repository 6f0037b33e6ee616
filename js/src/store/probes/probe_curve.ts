/**
 * What each probe of a study can do: how often its vote is the label, how often the network's prediction, how many settle there.
 *
 * Where the study knows which examples the network did not train on, its votes are judged on these alone.
 */
import type { CodeColumn } from "../columns";
import { countDepths, twoDepths } from "../depths";
import type { Store } from "../store";

export interface ProbeCurve {
  /** Share of votes that are the label, shape (P,); null without votes. */
  readonly accuracy: readonly number[] | null;
  /** Share of votes that are the network's prediction, shape (P,). */
  readonly agreement: readonly number[] | null;
  /** Examples whose depth is that probe, shape (P,). */
  readonly settled: readonly number[];
  /** Whether the votes were judged on held-out examples alone. */
  readonly heldOut: boolean;
}

const HELD_OUT_SPLIT = "validation";

export function probeCurve(store: Store): ProbeCurve {
  const { count, probes } = store.manifest;
  const { votes } = store.parts;
  const [label, prediction] = ["label", "prediction"].map((name) => codesOf(store, name));
  const judged = heldOutOf(store);
  const share = (wanted: CodeColumn | undefined) =>
    votes && wanted
      ? probes.map((_, row) =>
          shareEqual(votes.subarray(row * count, (row + 1) * count), wanted, judged),
        )
      : null;
  return {
    accuracy: share(label),
    agreement: share(prediction),
    settled: settledAt(store),
    heldOut: judged !== null,
  };
}

function codesOf(store: Store, name: string): CodeColumn | undefined {
  const column = store.columns.get(name);
  return column?.type === "code" ? column : undefined;
}

/** Which examples the network did not train on, or null where all count. */
function heldOutOf(store: Store): Uint8Array | null {
  const split = codesOf(store, "split");
  const code = split?.names.indexOf(HELD_OUT_SPLIT) ?? -1;
  if (!split || code < 0 || !split.codes.includes(code)) return null;
  return Uint8Array.from(split.codes, (one) => Number(one === code));
}

function shareEqual(votes: Uint16Array, { codes, missing }: CodeColumn, judged: Uint8Array | null) {
  let [equal, known] = [0, 0];
  for (let i = 0; i < votes.length; i++) {
    const code = codes[i] as number;
    if (code === missing || (judged && judged[i] === 0)) continue;
    known++;
    if (votes[i] === code) equal++;
  }
  return known > 0 ? equal / known : Number.NaN;
}

function settledAt({ columns, manifest }: Store): number[] {
  const [trained] = twoDepths(columns);
  return countDepths(columns.get(trained) ?? columns.get("depth"), manifest.probes.length);
}

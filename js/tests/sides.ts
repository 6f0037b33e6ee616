/**
 * A picture labeled dog (0) that shows a horse (1), as an ensemble of five sees it: three trained on it, two held it out.
 */
import { decodeColumn } from "../src/store/columns";
import type { ColumnInfo, Manifest, SideName } from "../src/store/manifest";
import { Store } from "../src/store/store";
import { codeBytes, makeStudy, numberBytes } from "./study";

export interface PackedSide {
  readonly facts: readonly number[];
  readonly known: readonly number[];
  /** Counts of 30 neighbors, given, suggested, predicted, by probe. */
  readonly shares: readonly (readonly number[])[];
}

/** networks, predicted, say predicted, say given, say suggested, given from, suggested from */
export const WHOLE: Readonly<Record<"shown" | "trained" | "heldOut", PackedSide>> = {
  shown: {
    facts: [1, 0, 1, 1, 0, 2, 3],
    known: [1, 1, 1],
    shares: [
      [2, 2, 30],
      [10, 24, 0],
      [2, 2, 30],
    ],
  },
  trained: {
    facts: [3, 0, 3, 3, 0, 2, 3],
    known: [3, 1, 3],
    shares: [
      [1, 2, 29],
      [10, 24, 0],
      [1, 2, 29],
    ],
  },
  heldOut: {
    facts: [2, 1, 2, 0, 2, 3, 0],
    known: [2, 2, 2],
    shares: [
      [2, 1, 0],
      [11, 25, 30],
      [11, 25, 30],
    ],
  },
};

/** The block of two examples; the first is of nobody's interest. */
export function sideBytes(sides: readonly PackedSide[], probes = 3): Uint8Array {
  const facts = sides.flatMap(({ facts: own, known }) => [...own, ...known].flatMap((n) => [0, n]));
  const steps = sides.flatMap(({ shares }) =>
    shares.flatMap((row) =>
      Array.from({ length: probes }, (_, probe) => {
        const count = row[probe];
        return [0, count === undefined ? 255 : Math.round((count / 30) * 254)];
      }).flat(),
    ),
  );
  return Uint8Array.from([...codeBytes(facts), ...steps]);
}

const NAMES: readonly SideName[] = ["shown", "trained", "held_out"];

/** Example 1 is suspected: labeled dog, suggested horse. */
export function evidentStore({
  suspicion = 3,
  group = "looks like a different class",
  names = NAMES,
} = {}): Store {
  const { manifest, chunks } = makeStudy({
    labels: [1, 0],
    predictions: [1, 0],
    depths: [0, 2],
    classes: ["dog", "horse"],
    probes: ["input", "block3", "block4"],
  });
  const added: readonly (readonly [ColumnInfo, Uint8Array])[] = [
    [
      { name: "suggested_label", kind: "class", dtype: "uint16", title: "Suggested label" },
      codeBytes([0, 1]),
    ],
    [
      { name: "suspicion", kind: "number", dtype: "float32", title: "Suspicion" },
      numberBytes([-2, suspicion]),
    ],
    [
      { name: "group", kind: "category", dtype: "uint8", title: "Group", categories: [group] },
      Uint8Array.of(0, 0),
    ],
    [
      {
        name: "split",
        kind: "category",
        dtype: "uint8",
        title: "Split",
        categories: ["train", "validation"],
      },
      Uint8Array.of(0, 0),
    ],
  ];
  const details = { ...manifest.details, sides: { per_block: 1024, names } };
  const whole = { ...manifest, details, member: names.length > 1 ? 0 : null } as Manifest;
  const columns = [
    ...manifest.columns.map((info) => [info, chunks[`column/${info.name}`]] as const),
    ...added,
  ].map(
    ([info, bytes]) => [info.name, decodeColumn(info, bytes ?? new Uint8Array(), whole)] as const,
  );
  return new Store(whole, new Map(columns));
}

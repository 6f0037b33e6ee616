/**
 * The six examples of `makeStudy` as an ensemble gives them: two depths, groups, a consensus, errors.
 *
 * e5 was held out by no member: it has neither validation depth nor group nor consensus.
 */
import type { ColumnInfo } from "../src/store/manifest";
import { codeBytes, makeStudy, numberBytes, type Study } from "./study";

export const GROUPS = [
  "easy",
  "looks like a different class",
  "ambiguous unless the label is given",
  "ambiguous",
  "intermediate",
] as const;

const COLUMNS: readonly (readonly [ColumnInfo, Uint8Array])[] = [
  [
    number("train_depth", { error_scale: 0.1, members: "trained_on" }),
    depths(0, 2.75, 0, 3, 1.5, 1),
  ],
  [number("validation_depth", { members: "held_out" }), depths(0.25, 0, 3, 3, 1.5, Number.NaN)],
  [{ ...number("trained_on"), integer: true }, depths(18, 4, 4, 4, 1, 4)],
  [{ ...number("held_out"), integer: true }, depths(2, 2, 2, 2, 2, 0)],
  [number("group_confidence"), depths(0.92, 1, 1, 1, 1, Number.NaN)],
  [
    { name: "group", kind: "category", dtype: "uint8", title: "Group", categories: GROUPS },
    Uint8Array.of(0, 1, 2, 3, 4, 255),
  ],
  [
    { name: "consensus_class", kind: "class", dtype: "uint16", title: "Consensus class" },
    codeBytes([0, 1, 1, 1, 2, 65535]),
  ],
];

export function makeEnsemble(): Study {
  const { manifest, chunks } = makeStudy({ predictions: [2, 0, 1, 1, 2, 2] });
  const added = COLUMNS.map(([info, bytes]) => [`column/${info.name}`, bytes] as const);
  const errors = ["error/train_depth", codeBytes([4, 65535, 0, 4, 4, 4])] as const;
  const all = { ...chunks, ...Object.fromEntries([...added, errors]) };
  return {
    chunks: all,
    manifest: {
      ...manifest,
      columns: [...manifest.columns.map(ofMember), ...COLUMNS.map(([info]) => info)],
      plane: { boundaries: [0.5, 2.5, 0.25, 2.5], names: GROUPS },
      member: 0,
      chunks: Object.fromEntries(Object.entries(all).map(([name, { length }]) => [name, length])),
    },
  };
}

function ofMember(info: ColumnInfo): ColumnInfo {
  return info.name === "depth" ? { ...info, title: "Depth, member 0", of_member: true } : info;
}

function number(name: string, more: Partial<ColumnInfo> = {}): ColumnInfo {
  const harder = name.endsWith("_depth") ? { harder: "larger" as const } : {};
  return { name, kind: "number", dtype: "float32", title: name, ...harder, ...more };
}

function depths(...values: number[]): Uint8Array {
  return numberBytes(values);
}

/**
 * The sides: what the shown network, those that trained on an example and those that held it out say of the classes in question.
 *
 * Read from the block of bytes that holds the example. Knows neither how blocks are fetched nor how anything is drawn.
 */
import { asUint16 } from "../columns";
import type { Manifest, SideName } from "../manifest";

const NO_CODE = 65535;
const NO_SHARE = 255;
const STEPS = 254;

/** The order of the facts and of the roles in a block. */
const FACTS = 10;

export const ROLES = ["given", "suggested", "predicted"] as const;

export type Role = (typeof ROLES)[number];

export interface Side {
  readonly name: SideName;
  readonly networks: number;
  /** The class that most of its networks predict. */
  readonly predicted: number | undefined;
  /** How many of its networks predict the class in each role. */
  readonly predict: Readonly<Record<Role, number>>;
  /** The probe from which on most of its networks vote for the class; the number of probes where from none. */
  readonly from: Readonly<Record<"given" | "suggested", number>>;
  /** Of how many networks the shares are known. */
  readonly known: Readonly<Record<Role, number>>;
  /** Mean share of the neighbors that carry the class, by probe. */
  readonly shares: Readonly<Record<Role, readonly (number | undefined)[]>>;
}

/** What each side says of one example; none where the block does not hold it. */
export function sidesOf(manifest: Manifest, bytes: Uint8Array, index: number): Side[] {
  const info = manifest.details.sides;
  if (!info) return [];
  const { per_block, names } = info;
  const start = Math.floor(index / per_block) * per_block;
  const size = Math.min(per_block, manifest.count - start);
  const end = 2 * names.length * FACTS * size;
  const codes = asUint16(bytes.subarray(0, end));
  const steps = bytes.subarray(end);
  const count = manifest.probes.length;
  const sides = names.map((name, side) => {
    const fact = (row: number) => codes[(side * FACTS + row) * size + (index - start)] ?? NO_CODE;
    const share = (role: number, probe: number) => {
      const step = steps[((side * 3 + role) * count + probe) * size + (index - start)] ?? NO_SHARE;
      return step === NO_SHARE ? undefined : step / STEPS;
    };
    const of = (role: number) => Array.from({ length: count }, (_, probe) => share(role, probe));
    return {
      name,
      networks: fact(0),
      predicted: fact(1) === NO_CODE ? undefined : fact(1),
      predict: { predicted: fact(2), given: fact(3), suggested: fact(4) },
      from: { given: fact(5), suggested: fact(6) },
      known: { given: fact(7), suggested: fact(8), predicted: fact(9) },
      shares: { given: of(0), suggested: of(1), predicted: of(2) },
    };
  });
  return sides[0]?.networks === NO_CODE ? [] : sides;
}

/**
 * The details of one example, read from the block of bytes that holds it.
 *
 * Bytes in, small arrays out. Knows neither how blocks are fetched nor how anything is drawn.
 */
import { asUint16 } from "../columns";
import type { Manifest } from "../manifest";

const NO_NEIGHBOR = 0xffffffff;
const NO_CODE = 65535;

/** The chunk that holds an example, by the family's size of block. */
export function blockName(family: string, index: number, perBlock: number): string {
  return `${family}/${Math.floor(index / perBlock)}`;
}

/** Positions of the neighbors of one example, nearest first, one list a probe. */
export function neighborsOf(manifest: Manifest, bytes: Uint8Array, index: number): number[][] {
  const info = manifest.details.neighbors;
  if (!info) return [];
  const { per_block, k } = info;
  const start = Math.floor(index / per_block) * per_block;
  const size = Math.min(per_block, manifest.count - start);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return manifest.probes.map((_, probe) => {
    const row = (probe * size + (index - start)) * k;
    const found: number[] = [];
    for (let place = 0; place < k; place++) {
      const neighbor = view.getUint32(4 * (row + place), true);
      if (neighbor !== NO_NEIGHBOR && neighbor < manifest.count) found.push(neighbor);
    }
    return found;
  });
}

/** What one member found of an example. */
export interface MemberView {
  readonly depth: number;
  readonly trained: boolean;
  /** The class, or undefined where it predicts none. */
  readonly prediction: number | undefined;
}

/** What each member that did not fail found of one example. */
export function membersOf(manifest: Manifest, bytes: Uint8Array, index: number): MemberView[] {
  const info = manifest.details.members;
  if (!info) return [];
  const { per_block, count } = info;
  const start = Math.floor(index / per_block) * per_block;
  const size = Math.min(per_block, manifest.count - start);
  const codes = asUint16(bytes);
  const at = (part: number, member: number) =>
    codes[(part * count + member) * size + (index - start)] ?? NO_CODE;
  return Array.from({ length: count }, (_, member) => {
    const prediction = at(2, member);
    return {
      depth: at(0, member),
      trained: at(1, member) === 1,
      prediction: prediction === NO_CODE ? undefined : prediction,
    };
  }).filter(({ depth }) => depth !== NO_CODE);
}

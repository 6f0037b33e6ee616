/**
 * How far places in the map can be trusted: the numbers of a whole map, and each example's own.
 *
 * Trustworthiness falls where the map shows neighbors that are none, continuity where it tears neighbors apart; a place can be
 * trusted as far as the lower of the two. Large studies have these numbers of a sample of examples, the rest count as missing.
 */
import { formatCount } from "../../store/columns";
import type { Store } from "../../store/store";
import type { ThemeName, ViewContext } from "../parts/view";
import { type Encoding, encodeScale, type Span } from "./encoding";

export interface PlaceTrust {
  /** Of each example at each probe, shape (P, N) in 0..1; NaN where it was not measured. */
  at(probe: number): Float32Array;
  readonly span: Span;
}

type Load = ViewContext["load"];

const CHUNKS = ["trust/examples", "trust/trustworthiness", "trust/continuity"] as const;
const STEPS = 254;
const MISSING = 255;

export function hasPlaceTrust({ manifest }: Store): boolean {
  return CHUNKS.every((name) => name in manifest.chunks);
}

export async function loadPlaceTrust({ manifest }: Store, load: Load): Promise<PlaceTrust> {
  const [examples, trust, continuity] = (await Promise.all(CHUNKS.map((name) => load(name)))) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const rows = new Uint32Array(examples.slice().buffer);
  const lower = trust.map((share, i) => {
    const other = continuity[i] ?? MISSING;
    return share === MISSING || other === MISSING ? MISSING : Math.min(share, other);
  });
  const values = new Float32Array(manifest.count);
  return {
    span: spanOf(lower),
    at(probe) {
      values.fill(Number.NaN);
      rows.forEach((row, i) => {
        const share = lower[probe * rows.length + i] ?? MISSING;
        if (share !== MISSING) values[row] = share / STEPS;
      });
      return values;
    },
  };
}

/** Colors of all examples by how far their places can be trusted at the current probe. */
export function encodeTrust(store: Store, places: PlaceTrust, theme: ThemeName): Encoding {
  const probe = Math.round(store.probe);
  const title = `Trust in the place at ${store.manifest.probes[probe] ?? ""}`;
  return encodeScale(places.at(probe), places.span, { title, integer: false }, theme);
}

/** How far the map of a probe can be trusted: "map keeps 10 % of neighbors: weak", and all that is known of it. */
export function trustText(
  { manifest: { map, probes } }: Store,
  probe: number,
): { readonly short: string; readonly long: string } {
  const [trust, continuity] = [map?.trustworthiness?.[probe], map?.continuity?.[probe]];
  const kept = map?.neighbors_kept?.[probe];
  const share = isNumber(kept) ? `keeps ${Math.round(kept * 100)} % of neighbors` : "";
  const known = isNumber(trust) && isNumber(continuity);
  const numbers = known
    ? `trustworthiness ${trust.toFixed(2)}, continuity ${continuity.toFixed(2)}`
    : "";
  const weak = isNumber(kept) && kept < LEAST_KEPT ? ": weak" : "";
  const short = share === "" ? numbers : `map ${share}${weak}`;
  const long = numbers === "" ? "" : `Map at ${probes[probe]}: ${numbers}.`;
  return { short, long };
}

/** A map that keeps fewer of the neighbors says little of what is near what. */
const LEAST_KEPT = 0.15;

/** What the numbers mean. */
export function explainTrust({ manifest: { map, count } }: Store): string {
  if (!map?.trustworthiness) return "Share of each example's nearest neighbors that the map keeps.";
  const sample = map.trust_sample ?? count;
  const of = sample < count ? `a sample of ${formatCount(sample)} examples` : "all examples";
  return (
    "Trustworthiness is 1 where the map shows no neighbors that are none in the network's own space, " +
    "continuity is 1 where it tears no neighbors apart; a random map has about 0.5. " +
    `Measured on ${of}, neighborhoods of ${map.trust_k ?? "k"}.`
  );
}

/** One scale for all probes, so that their maps can be compared: from the lowest 2 % to 1. */
function spanOf(shares: Uint8Array): Span {
  const sorted = shares.filter((share) => share !== MISSING).sort();
  const least = (sorted[0] ?? 0) / STEPS;
  const low = Math.floor(100 * ((sorted[Math.floor(0.02 * sorted.length)] ?? 0) / STEPS)) / 100;
  return { low, high: 1, cutsLow: low > least, cutsHigh: false };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

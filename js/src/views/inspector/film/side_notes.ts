/**
 * What stands under the film strip: where the vote settles, and whose votes and neighbors are seen.
 */
import { shownSide } from "../../../store/details/evidence";
import { depthOf, probeNames } from "../../../store/lookups";
import type { Store } from "../../../store/store";
import type { Shown } from "./shown";

/** Texts, each with a longer one that explains it. */
export function sideNotes(store: Store, shown: Shown): (readonly [text: string, help: string])[] {
  const settled = isShownSide(store, shown) ? settledNote(store, shown.index) : NOTHING;
  const notes = [settled, networksNote(store, shown)];
  const { neighbors } = store.manifest.details;
  if (neighbors && neighbors.k < store.manifest.k) {
    const text = `this page carries the ${neighbors.k} nearest of ${store.manifest.k}`;
    notes.push([text, "The curves count all of them. A larger page carries more: max_bytes."]);
  }
  return notes.filter(([text]) => text !== "");
}

const NOTHING = ["", ""] as const;

/** Whether the shown network is of the side that is looked at: only then its votes are. */
export function isShownSide(store: Store, { index, evidence }: Shown): boolean {
  return evidence.side === "shown" || shownSide(store, index) === evidence.side;
}

function settledNote(store: Store, index: number): readonly [string, string] {
  const depth = depthOf(store, index);
  const { member } = store.manifest;
  const probes = probeNames(store);
  if (depth === undefined) return NOTHING;
  const whose = member === null ? "" : ` of network ${member}`;
  const help = `The votes${whose} equal its prediction from this probe on: its depth is ${depth} of ${probes.length}.`;
  if (depth < probes.length) return [`settled at ${probes[Math.floor(depth)]}`, help];
  return ["never settled", `The last probe disagrees with the prediction${whose}.`];
}

function networksNote(store: Store, shown: Shown): readonly [string, string] {
  const { member } = store.manifest;
  if (member === null) return NOTHING;
  const { side, networks, behind } = shown.evidence;
  const here = isShownSide(store, shown);
  const who = networks === 1 ? "1 network" : `${networks} networks`;
  if (behind === 1 && here) {
    const help = "Of the other networks not all counts were kept: their votes are in the sentence.";
    return [`votes and pictures from network ${member}`, networks > 1 ? help : ""];
  }
  const few = behind < networks ? `${behind} of ${who}` : who;
  const whose = here ? "" : side === "trained" ? ", which held it out" : ", which trained on it";
  const help = "Counts are means over networks; the neighbors of one network are stored.";
  return [`votes of ${few}, pictures from network ${member}${whose}`, help];
}

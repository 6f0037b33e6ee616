/**
 * Why an example is hard, in one sentence: what its neighbors are labeled where they say most, and what the networks make of it.
 *
 * Words only; what is to stand out is marked. Counts are of the evidence, and nothing is said that it does not hold.
 */
import {
  type Classes,
  type Curve,
  classesOf,
  type Evidence,
  shownSide,
} from "../../../store/details/evidence";
import type { Side } from "../../../store/details/sides";
import { codeOf, depthOf, probeNames } from "../../../store/lookups";
import type { Store } from "../../../store/store";

export interface Words {
  readonly text: string;
  readonly strong?: boolean;
}

const AGREED = 0.8;

export function sentenceOn(
  store: Store,
  index: number,
  evidence: Evidence,
  sides: readonly Side[],
): Words[] {
  const neighbors = neighborWords(store, index, evidence);
  const networks = networkWords(store, index, evidence.classes, sides);
  return [
    ...neighbors,
    ...(neighbors.length > 0 && networks.length > 0 ? [plain(" ")] : []),
  ].concat(networks);
}

/** Its label, and what the networks that can be asked say: in a few words. */
export function shortWords(store: Store, index: number, sides: readonly Side[]): Words[] {
  const given = codeOf(store, "label", index);
  const label = given === undefined ? "No label." : `Labeled ${nameOf(store, given)}.`;
  const heldOut = sides.find((side) => side.name === "held_out" && side.networks > 0);
  const says = heldOut
    ? [...capital(heldOutWords(store, classesOf(store, index), heldOut)), plain(".")]
    : oneNetwork(store, index);
  return [{ text: label, strong: true }, plain(" "), ...says];
}

/** The neighbors, at the probe where one of the classes in question leads by most. */
function neighborWords(store: Store, index: number, evidence: Evidence): Words[] {
  const { classes, behind } = evidence;
  const { k } = store.manifest;
  const probes = probeNames(store);
  const given = curveOf(evidence, classes.given);
  const other = curveOf(evidence, classes.suggested ?? rival(classes));
  const [first, second] = classes.suspected ? [other, given] : [given, other];
  if (!first) return [];
  const probe = bestProbe(first, second);
  const count = (curve: Curve) => Math.round((curve.shares[probe] ?? 0) * k);
  const average = behind > 1 ? "on average " : "";
  const claim = `${average}${count(first)} of its ${k} nearest at ${probes[probe]} are labeled ${nameOf(store, first.code)}`;
  const rest =
    second && second !== first
      ? `, ${count(second) || "none"} ${nameOf(store, second.code)}.`
      : ".";
  return [
    plain(lead(store, index, classes, first.shares[probe] ?? 0)),
    { text: claim, strong: true },
    plain(rest),
  ];
}

function lead(store: Store, index: number, classes: Classes, share: number): string {
  if (!classes.suspected) {
    return share >= AGREED ? "Its neighbors agree with its label: " : "Its neighbors are divided: ";
  }
  const group = store.columns.get("group");
  const code = codeOf(store, "group", index);
  const named = group?.type === "code" && code !== undefined ? group.names[code] : "";
  const consensus = codeOf(store, "consensus_class", index) ?? classes.predicted;
  const agreed = consensus === classes.suggested && share >= 0.5;
  const sure = named === "looks like a different class" || agreed;
  return sure ? "Probably a wrong label: " : "Perhaps a wrong label: ";
}

/** The prediction, where nothing is suggested and it is not the label. */
function rival({ given, predicted }: Classes): number | undefined {
  return predicted === given ? undefined : predicted;
}

function curveOf(evidence: Evidence, code: number | undefined): Curve | undefined {
  return evidence.curves.find((curve) => curve.code === code);
}

function bestProbe(first: Curve, second: Curve | undefined): number {
  const leads = first.shares.map((share, probe) =>
    share === undefined ? -2 : share - (second?.shares[probe] ?? 0),
  );
  return leads.indexOf(Math.max(...leads));
}

/** What the networks say, apart for those that trained on the example and those that held it out. */
function networkWords(
  store: Store,
  index: number,
  classes: Classes,
  sides: readonly Side[],
): Words[] {
  const trained = sides.find(({ name, networks }) => name === "trained" && networks > 0);
  const heldOut = sides.find(({ name, networks }) => name === "held_out" && networks > 0);
  if (!trained && !heldOut) return oneNetwork(store, index);
  const first = trained ? trainedWords(store, classes, trained) : [];
  const second = heldOut ? heldOutWords(store, classes, heldOut) : [];
  if (first.length === 0) return [...capital(second), plain(".")];
  return [...first, ...(second.length > 0 ? [plain("; "), ...second] : []), plain(".")];
}

function trainedWords(store: Store, { given, suspected }: Classes, side: Side): Words[] {
  const { predicted, predict, networks } = side;
  if (given === undefined) return [];
  if (predicted !== undefined && predicted !== given && 2 * predict.predicted > networks) {
    const all = predict.predicted === networks;
    const many = all ? "the networks" : `${predict.predicted} of the ${networks} networks`;
    const who =
      networks === 1 ? "the network that trained on it says" : `${many} that trained on it say`;
    return [plain(`Even ${who} `), name(store, predicted)];
  }
  const probes = probeNames(store);
  const one = networks === 1;
  const who = one ? "The network that trained on it" : "The networks that trained on it";
  const from = side.from.given;
  if (from >= probes.length) {
    return [plain(`${who} never ${one ? "settles" : "settle"} on `), name(store, given)];
  }
  const verb = suspected ? `${one ? "repeats" : "repeat"} the label ` : `${one ? "says" : "say"} `;
  const where = from === 0 ? " at every probe" : ` from ${probes[from]} on`;
  return [plain(`${who} ${verb}`), name(store, given), plain(where)];
}

function heldOutWords(store: Store, { given }: Classes, side: Side): Words[] {
  const { networks, predicted, predict } = side;
  if (predicted === undefined) return [];
  const most = predict.predicted;
  const says = `held it out ${most === 1 ? "says" : "say"} `;
  const all = networks === 1 ? "the one" : networks === 2 ? "both" : `all ${networks}`;
  const who = most === networks ? all : `${most} of the ${networks}`;
  const words = [plain(`${who} that ${says}`), name(store, predicted)];
  if (predicted === given || given === undefined || most === networks) return words;
  return [...words, plain(`, ${predict.given || "none"} `), name(store, given)];
}

function oneNetwork(store: Store, index: number): Words[] {
  const prediction = codeOf(store, "prediction", index);
  if (prediction === undefined) return [];
  const probes = probeNames(store);
  const depth = depthOf(store, index);
  const who = store.columns.has("split")
    ? `The network, which ${shownSide(store, index) === "trained" ? "trained on it" : "did not train on it"}, says `
    : "The network says ";
  const settled =
    depth === undefined
      ? "."
      : depth >= probes.length
        ? ", but not even the last probe does."
        : depth < 1
          ? ", and so does every probe."
          : `, and the probes from ${probes[Math.floor(depth)]} on.`;
  return [plain(who), name(store, prediction), plain(settled)];
}

function name(store: Store, code: number): Words {
  return { text: nameOf(store, code), strong: true };
}

export function nameOf(store: Store, code: number): string {
  return store.manifest.classes[code] ?? `class ${code}`;
}

function plain(text: string): Words {
  return { text };
}

function capital([first, ...rest]: readonly Words[]): Words[] {
  if (!first) return [];
  return [{ ...first, text: first.text.charAt(0).toUpperCase() + first.text.slice(1) }, ...rest];
}

/**
 * The evidence on one example: which classes are in question, and how many neighbors carry each, probe by probe.
 *
 * In question are the given label, the class that the evidence suggests, and the prediction. Of many networks there are two kinds of
 * evidence, from those that trained on the example and from those that held it out.
 */
import { codeOf, numberOf } from "../lookups";
import type { SideName } from "../manifest";
import type { Store } from "../store";
import { ROLES, type Role, type Side } from "./sides";

export interface Classes {
  readonly given: number | undefined;
  readonly suggested: number | undefined;
  readonly predicted: number | undefined;
  /** Whether the evidence is for another class than the given one; else the suggested class is only the next likely. */
  readonly suspected: boolean;
}

/** How many neighbors carry one class, which may be in question for several reasons. */
export interface Curve {
  readonly code: number;
  readonly roles: readonly Role[];
  /** By probe, in 0..1. */
  readonly shares: readonly (number | undefined)[];
}

export interface Evidence {
  readonly side: SideName;
  /** Networks of this side, and of how many of them the curves are. */
  readonly networks: number;
  readonly behind: number;
  readonly classes: Classes;
  /** The one on top comes last. */
  readonly curves: readonly Curve[];
}

/** Neighbors of an example at each probe, nearest first. */
export type Neighbors = readonly (readonly number[])[];

/** The classes in question of one example; predicted by the shown network, or by most of a side. */
export function classesOf(store: Store, index: number, side?: Side): Classes {
  const given = codeOf(store, "label", index);
  const suggested = codeOf(store, "suggested_label", index);
  const predicted = side ? side.predicted : codeOf(store, "prediction", index);
  const suspicion = numberOf(store, "suspicion", index);
  const suspected =
    suggested !== undefined &&
    suggested !== given &&
    (suspicion === undefined ? suggested === predicted : suspicion > 0);
  return { given, suggested, predicted, suspected };
}

/** The sides that a person can choose between; one of one network. */
export function sidesToShow(sides: readonly Side[]): SideName[] {
  const both = sides.filter(({ name, networks }) => name !== "shown" && networks > 0);
  return both.length > 0 ? both.map(({ name }) => name) : ["shown"];
}

/** On which side of an example the shown network is. */
export function shownSide(store: Store, index: number): SideName {
  const split = store.columns.get("split");
  const code = split?.type === "code" ? split.names[split.codes[index] ?? 255] : undefined;
  return code === "validation" ? "held_out" : "trained";
}

/**
 * What one side says. Of all its networks where their counts were kept; else of the shown one, if it is of that side; else of those
 * that kept them. Without packed sides the neighbors are counted, as far as all of them are there.
 */
export function evidenceOf(
  store: Store,
  index: number,
  name: SideName,
  { sides, neighbors }: { readonly sides: readonly Side[]; readonly neighbors: Neighbors },
): Evidence {
  const side = sides.find((one) => one.name === name);
  const shown = sides.find((one) => one.name === "shown");
  const classes = classesOf(store, index, name === "shown" ? undefined : side);
  const wanted = ROLES.filter((role) => classes[role] !== undefined);
  const whole = side && wanted.every((role) => side.known[role] === side.networks);
  const alone = !whole && shown && (name === "shown" || shownSide(store, index) === name);
  const basis = alone ? shown : side;
  const networks = side?.networks ?? 1;
  if (!basis) {
    const shares = (role: Role) => counted(store, index, classes[role], role, neighbors);
    return { side: name, networks, behind: 1, classes, curves: curvesOf(classes, shares) };
  }
  const behind = alone ? 1 : Math.min(...wanted.map((role) => basis.known[role]));
  const shares = (role: Role) =>
    alone && role === "predicted" && classes.predicted !== shown.predicted
      ? counted(store, index, classes.predicted, "given", neighbors)
      : basis.shares[role];
  return { side: name, networks, behind, classes, curves: curvesOf(classes, shares) };
}

/** One curve a class; the suggested one last, where it matters. */
function curvesOf(
  classes: Classes,
  shares: (role: Role) => readonly (number | undefined)[],
): Curve[] {
  const order: readonly Role[] = ["predicted", "given", "suggested"];
  const curves = new Map<number, { code: number; roles: Role[]; shares: Curve["shares"] }>();
  for (const role of order) {
    const code = classes[role];
    if (code === undefined) continue;
    const curve = curves.get(code) ?? { code, roles: [], shares: shares(role) };
    curve.roles.push(role);
    curves.delete(code);
    curves.set(code, curve);
  }
  return [...curves.values()].filter((curve) => curve.shares.some((one) => one !== undefined));
}

/** The share of neighbors with a class, where all of them are there; of the prediction it is known anyway. */
function counted(
  store: Store,
  index: number,
  code: number | undefined,
  role: Role,
  neighbors: Neighbors,
): (number | undefined)[] {
  const { count, probes, details, k } = store.manifest;
  const { agreement } = store.parts;
  const label = store.columns.get("label");
  const whole = (details.neighbors?.k ?? 0) >= k && label?.type === "code";
  return probes.map((_, probe) => {
    const near = neighbors[probe] ?? [];
    if (whole && near.length > 0) {
      return near.filter((neighbor) => label.codes[neighbor] === code).length / near.length;
    }
    const share = role === "predicted" ? agreement?.[probe * count + index] : undefined;
    return share === undefined ? undefined : share / 255;
  });
}

/**
 * What can be worth a look, in the order of what helps most; each is null in a study that it does not apply to.
 */
import { type CodeColumn, formatCount } from "../columns";
import { countDepths, twoDepths } from "../depths";
import { hasTwoDepths } from "../lookups";
import { shortProbeNames } from "../probes/probe_names";
import type { Store } from "../store";
import type { Draft } from "./finding";

type Candidate = (store: Store) => Draft | null;

const FEW_NETWORKS = 3;
/** What settles late is a part of the study, not most of it. */
const MOST_LATE = 0.25;
const SURE = 0.9;

export const CANDIDATES: readonly Candidate[] = [
  (store) =>
    ofGroup(store, "looks like a different class", {
      title: "look like a different class",
      note: "labels to review",
      verb: "Review labels",
      sorts: ["suspicion_rank", "suspicion"],
    }),
  suspected,
  (store) =>
    ofGroup(store, "ambiguous", {
      title: "are ambiguous",
      note: "late for every network",
      verb: "Look",
      sorts: ["soft_entropy", "entropy", "validation_depth"],
    }),
  sureAndWrong,
  late,
  (store) =>
    ofGroup(store, "ambiguous unless the label is given", {
      title: "are clear only once seen",
      note: "early when trained on, late held out",
      verb: "Look",
      sorts: ["memorization", "validation_depth"],
    }),
  undecided,
  confused,
];

function ofGroup(
  store: Store,
  name: string,
  words: Pick<Draft, "title" | "note" | "verb" | "sorts">,
): Draft | null {
  const group = codes(store, "group");
  const code = group?.names.indexOf(name) ?? -1;
  if (code < 0) return null;
  const networks = usual(store, "held_out");
  const few = networks !== null && networks <= FEW_NETWORKS;
  const weak = few ? `weak: ${networks} ${networks === 1 ? "network" : "networks"}` : "";
  const filters = { group: [code] };
  return { key: `group:${name}`, ...words, group: name, weak, filters, colors: ["group"] };
}

/** One network has no groups, but may doubt a label. */
function suspected(store: Store): Draft | null {
  if (codes(store, "group") || !codes(store, "suggested_label")) return null;
  if (store.columns.get("suspicion")?.type !== "number") return null;
  return {
    key: "suspected",
    title: "have neighbors of another class",
    note: "labels to check",
    weak: "weak: one network",
    verb: "Review labels",
    filters: { suspicion: { from: leastSuspicion(store) } },
    sorts: ["suspicion_rank", "suspicion"],
    colors: ["label"],
  };
}

/** From where on another class than the label has the most evidence. */
function leastSuspicion(store: Store): number {
  const [label, suggested] = [codes(store, "label"), codes(store, "suggested_label")];
  const suspicion = store.columns.get("suspicion");
  let least = Number.POSITIVE_INFINITY;
  if (suspicion?.type !== "number" || !label || !suggested) return least;
  suspicion.values.forEach((value, i) => {
    const code = suggested.codes[i] as number;
    if (code !== suggested.missing && code !== label.codes[i] && value > 0 && value < least)
      least = value;
  });
  return least;
}

function sureAndWrong(store: Store): Draft | null {
  const correct = codes(store, "correct");
  const wrong = correct?.names.indexOf("wrong") ?? -1;
  if (wrong < 0 || hasTwoDepths(store)) return null;
  if (store.columns.get("confidence")?.type !== "number") return null;
  return {
    key: "sure",
    title: "are wrong with confidence",
    note: `the network is sure to ${100 * SURE} % or more`,
    verb: "Look",
    filters: { correct: [wrong], confidence: { from: SURE } },
    sorts: ["suspicion_rank", "depth"],
    colors: ["prediction"],
  };
}

/** The last probes at which a part of the examples settles. */
function late(store: Store): Draft | null {
  const { probes, count } = store.manifest;
  const two = hasTwoDepths(store);
  const name = two ? twoDepths(store.columns)[0] : "depth";
  const column = store.columns.get(name);
  if (column?.type !== "number" || probes.length < 3) return null;
  const settled = countDepths(column, probes.length);
  let from = probes.length - 1;
  let sum = settled[from] as number;
  while (from > 1 && sum + (settled[from - 1] as number) <= MOST_LATE * count) {
    from--;
    sum += settled[from] as number;
  }
  if (sum > 2 * MOST_LATE * count) return null;
  const never = column.values.filter((depth) => depth >= probes.length).length;
  return {
    key: "late",
    title: `settle only from ${shortProbeNames(probes)[from]} on`,
    note: [two ? "when trained on" : "their neighbors change late"]
      .concat(never > 0 ? `${formatCount(never)} more never do` : [])
      .join("; "),
    verb: "See where",
    filters: { [name]: probes.map((_, i) => i).slice(from) },
    sorts: [name],
    colors: ["label"],
    probe: from,
  };
}

function undecided(store: Store): Draft | null {
  const { probes } = store.manifest;
  if (hasTwoDepths(store)) return null;
  return {
    key: "undecided",
    title: "never settle",
    note: "even the last probe disagrees",
    verb: "Look",
    filters: { depth: [probes.length] },
    sorts: ["suspicion_rank", "confidence"],
    colors: ["label"],
    probe: probes.length - 1,
  };
}

/** The two classes of which one is taken for the other most often. */
function confused(store: Store): Draft | null {
  const label = codes(store, "label");
  const held = hasTwoDepths(store) ? codes(store, "consensus_class") : undefined;
  const predicted = held ?? codes(store, "prediction");
  if (!label || !predicted) return null;
  const [from, to] = mostConfused(label, predicted);
  if (from < 0) return null;
  const [a, b] = [label.names[from] ?? "", label.names[to] ?? ""];
  return {
    key: "confused",
    title: `${a} taken for ${b}`,
    note: "the classes mixed up most",
    verb: "See them",
    filters: { label: [from], [predicted.info.name]: [to] },
    sorts: ["suspicion_rank", "confidence"],
    colors: ["label"],
  };
}

function mostConfused(label: CodeColumn, predicted: CodeColumn): readonly [number, number] {
  const pairs = new Map<number, number>();
  label.codes.forEach((code, i) => {
    const other = predicted.codes[i] as number;
    if (code === label.missing || other === predicted.missing || code === other) return;
    const pair = code * 65536 + other;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  });
  const [most] = [...pairs].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return most ? [Math.floor(most[0] / 65536), most[0] % 65536] : [-1, -1];
}

function codes(store: Store, name: string): CodeColumn | undefined {
  const column = store.columns.get(name);
  return column?.type === "code" ? column : undefined;
}

/** The middle value of a column. */
function usual(store: Store, name: string): number | null {
  const column = store.columns.get(name);
  if (column?.type !== "number") return null;
  const known = column.values.filter((value) => !Number.isNaN(value)).sort();
  return known[Math.floor(known.length / 2)] ?? null;
}

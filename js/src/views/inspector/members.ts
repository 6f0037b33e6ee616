/**
 * The members of an ensemble: at which depth each decided the example, and what each predicts.
 *
 * Members that trained on it and members that held it out stand apart, for they answer different questions.
 */
import { blockName, type MemberView, membersOf } from "../../store/details/details";
import { h, setText } from "../parts/dom";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import type { DetailCache } from "./detail_cache";

const SIDES = [
  ["trained on it", true],
  ["held it out", false],
] as const;
const MOST_CLASSES = 4;
const MOST_NUMBERS = 12;

export function createMemberDepths(context: ViewContext, details: DetailCache): View {
  const { store } = context;
  const info = store.manifest.details.members;
  const hint = h("p", { class: "hint" });
  const strips = h("div", { class: "spread-strips" });
  const heading = h("h3", {}, "Depth in each member");
  const element = h("section", { class: "member-depths" }, heading, strips, hint);

  function paint(index: number): void {
    if (!info) return;
    const detail = details.get(blockName("members", index, info.per_block));
    const members = detail.state === "ready" ? membersOf(store.manifest, detail.bytes, index) : [];
    hint.hidden = members.length > 0;
    if (members.length === 0) {
      const reason = detail.state === "absent" ? detail.reason : "";
      strips.replaceChildren();
      setText(hint, detail.state === "loading" ? "Loading the members …" : absent(reason));
      return;
    }
    strips.replaceChildren(
      ...SIDES.map(([side, trained]) =>
        stripOf(
          side,
          members.filter((member) => member.trained === trained),
          store.manifest,
        ),
      ),
    );
  }

  paintOnChange(context, () => {
    element.hidden = info === null || store.focus === null;
    if (!element.hidden && store.focus !== null) paint(store.focus);
  });
  return { element };
}

function absent(reason: string): string {
  return reason ? "They were not loaded." : "This page does not carry the members' depths.";
}

interface Names {
  readonly probes: readonly string[];
  readonly classes: readonly string[];
}

function stripOf(side: string, members: readonly MemberView[], names: Names): HTMLElement {
  const counts = new Array<number>(names.probes.length + 1).fill(0);
  for (const { depth } of members) counts[depth] = (counts[depth] ?? 0) + 1;
  const most = Math.max(1, ...counts);
  const every = Math.ceil(counts.length / MOST_NUMBERS);
  const bars = counts.map((count, depth) => barOf(count, depth, most, depth % every === 0));
  const texts = counts.flatMap((count, depth) => (count > 0 ? [`${count} at depth ${depth}`] : []));
  const strip = h(
    "div",
    { class: "spread-bars", role: "img", "aria-label": `${side}: ${texts.join(", ") || "none"}` },
    ...bars,
  );
  const title = h("span", { class: "aside" }, `${members.length} ${side}`);
  return h("div", { class: "spread-strip" }, title, strip, predictionsOf(members, names.classes));
}

function barOf(count: number, depth: number, most: number, numbered: boolean): HTMLElement {
  const fill = h("span", { class: "spread-fill" });
  fill.style.height = count === 0 ? "0" : `max(2px, ${(100 * count) / most}%)`;
  const number = h("span", { class: "number" }, numbered ? String(depth) : "\u00a0");
  const title = `depth ${depth}: ${count} ${count === 1 ? "member" : "members"}`;
  return h(
    "span",
    { class: "spread-bar", title },
    h("span", { class: "spread-room" }, fill),
    number,
  );
}

function predictionsOf(members: readonly MemberView[], classes: readonly string[]): HTMLElement {
  const counts = new Map<string, number>();
  for (const { prediction } of members) {
    const name = prediction === undefined ? "none" : (classes[prediction] ?? `class ${prediction}`);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const texts = sorted.slice(0, MOST_CLASSES).map(([name, count]) => `${name} (${count})`);
  const left = sorted.length - texts.length;
  if (left > 0) texts.push(`${left} more`);
  return h("span", { class: "hint" }, texts.length > 0 ? `predicted: ${texts.join(", ")}` : "");
}

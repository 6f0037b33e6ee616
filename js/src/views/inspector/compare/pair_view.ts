/**
 * Pictures, words, the sentence where two examples part, and their film strips, mirrored.
 */
import type { Classes, Curve } from "../../../store/details/evidence";
import type { Role } from "../../../store/details/sides";
import { numberOf } from "../../../store/lookups";
import { h, setText } from "../../parts/dom";
import { describe } from "../../parts/examples/description";
import { paintOnChange, type ViewContext } from "../../parts/view";
import { createExamplePicture } from "../answer/picture";
import { legendEntries, rolesText } from "../answer/roles";
import { shortWords } from "../answer/sentence";
import { findNeighbors, findShown, findSides, type Shown } from "../film/shown";
import type { InspectorState } from "../state";
import { createCompareRows } from "./compare_rows";
import { partingSentence, sharedNeighbors } from "./parting";

export function createPairView(context: ViewContext, state: InspectorState) {
  const { store } = context;
  const sides = [
    createSide(context, state, () => (store.compared === null ? null : store.focus)),
    createSide(context, state, () => store.compared),
  ];
  const top = h("div", { class: "compare-top" }, ...sides.map((side) => side.element));
  const sentence = h("p", { class: "sentence" });
  const legend = h("div", { class: "film-legend" });
  const hint = h("p", { class: "hint" });
  const rows = createCompareRows(context);
  return {
    parts: [top, sentence, legend, hint, rows.element],
    paint(focus: number, other: number) {
      const [left, right] = pairOf(context, state, focus, other);
      const found = [focus, other].map((index) => findNeighbors(store, state.details, index));
      setText(hint, found.find(({ missing }) => missing !== "")?.missing ?? "");
      hint.hidden = hint.textContent === "";
      setText(sentence, sentenceOf(context, left, right));
      const square = h("span", { class: "shared-key" });
      const { curves, classes } = left.evidence;
      legend.replaceChildren(
        ...legendEntries(context, curves, labelsText(classes)),
        h("span", { class: "key note" }, square, "a neighbor of both"),
      );
      rows.paint([left, right], state.freeHeight(rows.element));
    },
  };
}

/** Both are marked by the same classes: those in question of the left one, and the label of the right one. */
function pairOf(
  { store }: ViewContext,
  state: InspectorState,
  focus: number,
  other: number,
): readonly [Shown, Shown] {
  const a = findShown(store, state.details, focus, "shown");
  const b = findShown(store, state.details, other, "shown");
  const shared = sharedNeighbors(a.neighbors, b.neighbors);
  const own = a.evidence.curves.filter(({ roles }) => roles.some((role) => role !== "predicted"));
  const isOwn = (code: number) => own.some((curve) => curve.code === code);
  const its = b.evidence.curves.filter(
    ({ code, roles }) => roles.includes("given") && !isOwn(code),
  );
  const wanted = new Map<number, readonly Role[]>([
    ...its.map(({ code }) => [code, ["predicted"] as const] as const),
    ...own.map(({ code, roles }) => [code, roles] as const),
  ]);
  const marked = (shown: Shown): Shown => ({
    ...shown,
    shared,
    paired: true,
    evidence: { ...shown.evidence, classes: a.evidence.classes, curves: curvesBy(wanted, shown) },
  });
  return [marked(a), marked(b)];

  function curvesBy(
    codes: ReadonlyMap<number, readonly Role[]>,
    { evidence, neighbors }: Shown,
  ): Curve[] {
    const label = store.columns.get("label");
    return [...codes].map(([code, roles]) => {
      const known = evidence.curves.find((curve) => curve.code === code);
      const shares = neighbors.map((row) => {
        const same = row.filter((one) => label?.type === "code" && label.codes[one] === code);
        return row.length > 0 ? same.length / row.length : undefined;
      });
      return { code, roles, shares: known?.shares ?? shares };
    });
  }
}

/** What a line stands for, of two examples. */
function labelsText(classes: Classes): (roles: readonly Role[]) => string {
  return (roles) => {
    const own = roles.filter((role) => role !== "predicted");
    return own.length > 0 ? rolesText(own, classes) : "label of the other";
  };
}

function sentenceOf({ store }: ViewContext, left: Shown, right: Shown): string {
  const indices = [left.index, right.index] as const;
  const names = indices.map((index) => `example ${describe(store, index).id}`);
  const shared = (left.shared ?? []).map(({ size }) => size);
  const of = store.manifest.details.neighbors?.k ?? 0;
  return partingSentence(store, { names: names as [string, string], indices, shared, of });
}

/** Picture and words of one of the two. */
function createSide(context: ViewContext, state: InspectorState, which: () => number | null) {
  const { store } = context;
  const picture = createExamplePicture(context, state.details, which);
  const words = h("p", {});
  const numbers = h("p", { class: "note" });
  const element = h(
    "div",
    { class: "compare-side" },
    picture.element,
    h("div", {}, words, numbers),
  );
  paintOnChange(context, () => {
    const index = which();
    element.hidden = index === null || store.compared === null;
    if (index === null || element.hidden) return;
    const said = shortWords(store, index, findSides(store, state.details, index));
    words.replaceChildren(
      ...said.map(({ text, strong }) => (strong ? h("strong", {}, text) : text)),
    );
    setText(numbers, numbersOf(context, index));
  });
  return { element };
}

function numbersOf({ store }: ViewContext, index: number): string {
  const { id, group, depth, depths } = describe(store, index);
  const suspicion = numberOf(store, "suspicion", index);
  const depthText = depths
    ? `depth trained on ${depths[0]}, held out ${depths[1]}`
    : `depth ${depth}`;
  const suspicionText = suspicion === undefined ? [] : [`suspicion ${suspicion.toFixed(1)}`];
  return [`example ${id}`, ...(group ? [group.name] : []), ...suspicionText, depthText].join(", ");
}

/**
 * Two examples beside each other: their pictures, the sentence where they part, and their film strips, mirrored.
 */
import type { Classes, Curve } from "../../../store/evidence";
import { numberOf } from "../../../store/lookups";
import { type Computed, computed } from "../../../store/reactive";
import type { Role } from "../../../store/sides";
import { describe } from "../../parts/description";
import { h, setAttribute, setText } from "../../parts/dom";
import { on } from "../../parts/interaction";
import { paintOnChange, type ViewContext } from "../../parts/view";
import { createExamplePicture } from "../answer/picture";
import { legendEntries, rolesText } from "../answer/roles";
import { shortWords } from "../answer/sentence";
import { findNeighbors, findShown, findSides, type Shown } from "../film/shown";
import type { InspectorState } from "../state";
import { createCompareRows } from "./compare_rows";
import { partingSentence, sharedNeighbors } from "./parting";

export interface Compare {
  readonly element: HTMLElement;
  /** Opens it, in the head of the inspector. */
  readonly button: HTMLButtonElement;
  readonly open: Computed<boolean>;
  toggle(): void;
  swap(): void;
  close(): void;
}

export function createCompare(context: ViewContext, state: InspectorState): Compare {
  const { store, signal } = context;
  const open = computed(() => store.focus !== null && store.compared !== null);
  const names = h("span", { class: "note" });
  const swapButton = button("swap", "Swap", "Swap the two (s)");
  const chooseButton = button("choose-other", "Choose another", "The next example that you choose");
  const closeButton = button("close-compare", "Close", "Back to one example (Escape)");
  const bar = h("div", { class: "compare-head" }, h("h3", {}, "Compare"), names);
  bar.append(h("span", { class: "push" }), swapButton, chooseButton, closeButton);
  const sides = [
    createSide(context, state, () => store.focus),
    createSide(context, state, () => store.compared),
  ];
  const sentence = h("p", { class: "sentence" });
  const legend = h("div", { class: "film-legend" });
  const hint = h("p", { class: "hint" });
  const rows = createCompareRows(context);
  const top = h("div", { class: "compare-top" }, ...sides.map((side) => side.element));
  const element = h("div", { class: "compare", "data-depthviz-compare": true }, bar, top);
  element.append(sentence, legend, hint, rows.element);
  const opener = button("compare", "Compare", "Put another example beside it (c)");
  let choosing: number | null = null;

  function close(): void {
    choosing = null;
    store.compareWith(null);
  }

  function swap(): void {
    const { focus, compared } = store;
    if (focus === null || compared === null) return;
    store.setFocus(compared);
    store.compareWith(focus);
  }

  function toggle(): void {
    if (open.value) return close();
    if (store.focus !== null) store.compareWith(firstOther(context, state, store.focus));
  }

  function setChoosing(index: number | null): void {
    choosing = index;
    setAttribute(chooseButton, "aria-pressed", String(index !== null));
    setText(chooseButton, index === null ? "Choose another" : "Choose one in the grid or map");
  }

  function paint(focus: number, other: number): void {
    setText(names, `examples ${describe(store, focus).id} and ${describe(store, other).id}`);
    const [left, right] = pairOf(context, state, focus, other);
    const missing = [focus, other].map(
      (index) => findNeighbors(store, state.details, index).missing,
    );
    setText(hint, missing.find((text) => text !== "") ?? "");
    hint.hidden = hint.textContent === "";
    setText(sentence, sentenceOf(context, left, right));
    const shared = h(
      "span",
      { class: "key note" },
      h("span", { class: "shared-key" }),
      "a neighbor of both",
    );
    legend.replaceChildren(
      ...legendEntries(context, left.evidence.curves, labelsText(left.evidence.classes)),
      shared,
    );
    rows.paint([left, right], state.freeHeight(rows.element));
  }

  on(opener, "click", toggle, { signal });
  on(closeButton, "click", close, { signal });
  on(swapButton, "click", swap, { signal });
  on(chooseButton, "click", () => setChoosing(choosing === null ? store.focus : null), { signal });
  paintOnChange(context, () => {
    const { focus, compared } = store;
    state.size.value;
    store.probe;
    element.hidden = !open.value;
    opener.hidden = focus === null || store.manifest.count < 2;
    setAttribute(opener, "aria-pressed", String(open.value));
    if (choosing !== null && focus !== null && focus !== choosing) {
      const [before, chosen] = [choosing, focus];
      setChoosing(null);
      return queueMicrotask(() => {
        store.setFocus(before);
        store.compareWith(chosen);
      });
    }
    if (focus !== null && compared !== null) paint(focus, compared);
  });
  return { element, button: opener, open, toggle, swap, close };
}

function button(control: string, text: string, title: string): HTMLButtonElement {
  const attributes = { type: "button", class: "bare", title, "data-depthviz-control": control };
  return h("button", attributes, text);
}

/** What to compare with at first: the other one that is selected, else the nearest neighbor at the probe of the map. */
function firstOther({ store }: ViewContext, state: InspectorState, focus: number): number {
  const { flags, count } = store.selection;
  if (count > 0 && count <= 2) {
    const other = flags.findIndex((flag, index) => flag === 1 && index !== focus);
    if (other >= 0) return other;
  }
  const { neighbors } = findNeighbors(store, state.details, focus);
  const near = neighbors[Math.round(store.probe)]?.find((index) => index !== focus);
  return (
    near ?? store.listing.find((index) => index !== focus) ?? (focus + 1) % store.manifest.count
  );
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
  const wanted = new Map<number, readonly Role[]>();
  for (const { code, roles } of a.evidence.curves) {
    if (roles.some((role) => role !== "predicted")) wanted.set(code, roles);
  }
  for (const { code, roles } of b.evidence.curves) {
    if (roles.includes("given") && !wanted.has(code)) wanted.set(code, ["predicted"]);
  }
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

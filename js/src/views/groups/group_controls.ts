/**
 * What stands below the plane: the quantile that all four boundaries lie at, the way back, and what no longer holds.
 */
import { formatNumber } from "../../store/columns";
import type { Boundaries } from "../../store/grouping";
import type { Store } from "../../store/store";
import { h, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

const HELP =
  "The share of examples that counts as low, and as high, of each depth. Moves all four boundaries.";

export function createGroupControls(context: ViewContext): View {
  const { store, signal } = context;
  const input = h("input", {
    type: "range",
    min: 0.05,
    max: 0.5,
    step: 0.01,
    "aria-label": "Quantile of the boundaries",
    control: "quantile",
  });
  const output = h("output", { class: "quantile" });
  const reset = h(
    "button",
    {
      class: "link",
      title: "Back to the boundaries of the study",
      control: "reset-groups",
    },
    "reset",
  );
  const ends = [h("p", { class: "ends" }), h("p", { class: "ends" })];
  const note = h("p", { class: "hint" });
  on(input, "input", () => store.setQuantile(Number(input.value)), signal);
  on(reset, "click", () => store.resetBoundaries(), signal);
  const label = h("label", { class: "quantiles", title: HELP }, "q", input, output);
  paintOnChange(context, () => {
    const { quantile } = store;
    if (quantile !== null) input.value = String(quantile);
    setText(output, quantile === null ? "by hand" : formatNumber(quantile));
    const words = quantile === null ? "boundaries moved by hand" : undefined;
    setAttribute(input, "aria-valuetext", words);
    setAttribute(reset, "aria-disabled", String(!store.groupsMoved));
    endsInWords(store.boundaries as Boundaries).forEach((text, i) => {
      setText(ends[i] as HTMLElement, text);
    });
    setText(note, noteOn(store));
    note.hidden = note.textContent === "";
  });
  const byQuantile = h("div", { class: "by-quantile" }, label, reset);
  return { element: h("div", { class: "group-controls" }, byQuantile, ...ends, note) };
}

function endsInWords(boundaries: Boundaries): readonly [string, string] {
  const [trainLow, trainHigh, heldOutLow, heldOutHigh] = boundaries.map((end) =>
    formatNumber(Math.round(end * 100) / 100),
  );
  return [`trained on ≤ ${trainLow}, ≥ ${trainHigh}`, `held out ≤ ${heldOutLow}, ≥ ${heldOutHigh}`];
}

/** The confidence was found by drawing members again at the study's own boundaries. */
function noteOn(store: Store): string {
  if (!store.groupsMoved || !store.columns.has("group_confidence")) return "";
  return "Boundaries moved: the group confidence is that of the study’s own groups.";
}

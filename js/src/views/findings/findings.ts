/**
 * The first glance: at most four findings, each a number, pictures and a verb. A click filters, sorts and colors all views; another
 * lets go.
 *
 * Once one is chosen they shrink to a line of tabs, and stay so unless a person opens them again.
 */
import { createChoice } from "../../store/findings/choice";
import { exampleLists, findFindings, isChosen } from "../../store/findings/findings";
import { closest, h, setAttribute } from "../parts/dom";
import { iconButton } from "../parts/icons";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { createFindingCard, type FindingCard, PICTURES } from "./finding_card";

export interface Findings extends View {
  /** Shrink to a line. */
  shrink(): void;
}

export function createFindings(context: ViewContext): Findings {
  const { store, signal, tiles } = context;
  const choice = createChoice(store);
  const list = h("div", { class: "finding-list" });
  const unfold = iconButton("findings", "down", "Show the findings with their pictures");
  const element = h("section", { class: "findings", "aria-label": "Findings" }, list, unfold);
  const cards = new Map<string, FindingCard>();
  let found = findFindings(store);

  const setSmall = (small: boolean) => setAttribute(element, "data-small", small);

  /** Found again where the groups are others; one that is no longer there goes. */
  function find(): void {
    void store.boundaries;
    found = findFindings(store);
    const examples = exampleLists(
      store,
      found,
      PICTURES,
      (index) => tiles?.carries(index) ?? (PREVIEWS && context.texts !== undefined),
    );
    const now = found.map((finding, i) => {
      const card = cards.get(finding.key) ?? createFindingCard(context);
      cards.set(finding.key, card);
      card.show(finding, examples[i] ?? []);
      return card.element;
    });
    if (now.some((card, i) => list.children[i] !== card) || list.children.length !== now.length)
      list.replaceChildren(...now);
    element.hidden = found.length === 0;
  }

  on(
    list,
    "click",
    (event) => {
      const card = closest(event, "[data-depthviz-finding]");
      const finding = found.find(({ key }) => key === card?.dataset.depthvizFinding);
      if (!finding) return;
      choice.toggle(finding);
      setSmall(true);
    },
    signal,
  );
  on(unfold, "click", () => setSmall(false), signal);
  paintOnChange(context, find);
  paintOnChange(context, () => {
    void store.filterChange;
    for (const finding of found) {
      const chosen = isChosen(store, finding);
      cards.get(finding.key)?.mark(chosen);
      if (chosen) setSmall(true);
    }
  });
  paintOnChange(context, () => {
    if (store.frame.panel !== "closed") setSmall(true);
  });
  paintOnChange(context, () => {
    void tiles?.version;
    context.theme();
    for (const { key } of found) cards.get(key)?.paint();
  });
  return { element, shrink: () => setSmall(true) };
}

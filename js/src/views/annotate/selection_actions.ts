/**
 * What can be decided of all selected examples in one step: a verdict, a class, tags.
 */
import { formatCount } from "../../store/columns";
import { indicesOf } from "../../store/selection";
import { h, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { createMenu, type Menu } from "../parts/menu";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { choiceOf } from "./choices";
import type { Review } from "./review";
import { createClassPicker } from "./tools/class_picker";
import { createTagBox } from "./tools/tag_box";

export interface SelectionActions extends View {
  openVerdicts(): void;
  openTags(): void;
}

export function createSelectionActions(context: ViewContext, review: Review): SelectionActions {
  const { store, signal } = context;
  const { desk } = review;
  const chosen = () => [...indicesOf(store.selection.flags)];
  const done = h("span", { class: "decided", "aria-live": "polite" });
  const undo = h("button", { control: "undo-selection" }, "Undo");
  const verdicts = createVerdictMenu(context, review, decide);
  const tags = createTagMenu(context, review, chosen);
  let step: string | null = null;

  function show(words: string, made: string | null): void {
    step = made;
    setText(done, words);
    undo.hidden = step === null;
  }

  function decide(decisions: Parameters<typeof desk.decide>[1], words: string): void {
    const indices = chosen();
    const made = desk.decide(indices, decisions);
    if (desk.annotator === "") askForName(context, review);
    else show(`${formatCount(indices.length)} ${words}`, made);
  }

  on(
    undo,
    "click",
    () => {
      if (step !== null) desk.undo(step);
      show("taken back", null);
    },
    signal,
  );
  paintOnChange(context, () => {
    store.selectionChange;
    show("", null);
  });
  const element = h("div", { class: "selection-actions", "data-depthviz-tools": "selection" });
  element.append(verdicts.element, tags.element, done, undo);
  return { element, openVerdicts: () => openMenu(verdicts), openTags: () => openMenu(tags) };
}

/** In the panel of an example there is room to ask. */
function askForName({ store }: ViewContext, review: Review): void {
  if (store.focus === null) store.setFocus(indicesOf(store.selection.flags)[0] ?? null);
  store.openPanel();
  review.openTool("annotator");
}

function openMenu({ element, items }: Menu): void {
  const button = element.querySelector("button");
  if (button?.getAttribute("aria-expanded") !== "true") button?.click();
  items.querySelector<HTMLElement>("input, button")?.focus();
}

function closeMenu({ element }: Menu): void {
  const button = element.querySelector("button");
  if (button?.getAttribute("aria-expanded") === "true") button.click();
  button?.focus();
}

type Decide = (decisions: { verdict: string; label?: string }, words: string) => void;

function createVerdictMenu(context: ViewContext, { desk }: Review, decide: Decide): Menu {
  const { signal } = context;
  const { verdicts } = desk.schema;
  const relabels = verdicts.find((verdict) => verdict.relabels);
  const picker = createClassPicker(context, "What they are", (label) => {
    closeMenu(menu);
    if (relabels) decide({ verdict: relabels.value, label }, `said to be ${label}`);
  });
  const give = (place: number) => {
    const verdict = verdicts[place];
    if (!verdict) return;
    closeMenu(menu);
    decide({ verdict: verdict.value }, `said to be ${verdict.title.toLowerCase()}`);
  };
  const menu = nameMenu(context, "Verdict", "verdict-selected", "V", () => {
    const items = verdicts.map(({ value, title, key }) =>
      h(
        "button",
        { "data-depthviz-verdict-selected": value },
        h("span", {}, title),
        h("kbd", { "aria-hidden": "true" }, key.toUpperCase()),
      ),
    );
    picker.clear();
    menu.items.replaceChildren(...items, ...(relabels ? [picker.element] : []));
  });
  on(
    menu.items,
    "click",
    ({ target }) => {
      const button = (target as Element).closest("[data-depthviz-verdict-selected]");
      give([...menu.items.children].indexOf(button as Element));
    },
    signal,
  );
  const keys = verdicts.map(({ value, title, key }) => ({ verdict: value, title, key }));
  on(
    menu.items,
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.repeat || event.target instanceof HTMLInputElement)
        return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const choice = choiceOf(keys, event);
      if (!choice) return;
      event.preventDefault();
      give(keys.findIndex(({ verdict }) => verdict === choice.verdict));
    },
    signal,
  );
  return menu;
}

/** A tag is on where all of them bear it. */
function createTagMenu(
  context: ViewContext,
  review: Review,
  chosen: () => readonly number[],
): Menu {
  const { desk } = review;
  const box = createTagBox(context, (tag, isOn) => {
    desk.decide(chosen(), { tags: { [tag]: isOn } });
    if (desk.annotator === "") askForName(context, review);
    show();
  });
  const show = () => {
    const [first, ...rest] = chosen().map((index) => desk.mine(index)?.tags ?? []);
    const common = (first ?? []).filter((tag) => rest.every((tags) => tags.includes(tag)));
    box.show(desk.schema.tags, common);
  };
  const menu = nameMenu(context, "Tag", "tag-selected", "T", () => {
    menu.items.replaceChildren(box.element);
    show();
  });
  return menu;
}

/** A menu whose button has a key and a name of its own for tests. */
function nameMenu(
  context: ViewContext,
  name: string,
  control: string,
  key: string,
  fill: () => void,
): Menu {
  const menu = createMenu(context, name, fill);
  const button = menu.element.querySelector("button") as HTMLElement;
  setAttribute(button, "data-depthviz-control", control);
  setAttribute(button, "title", `${name} of all that are selected (${key.toLowerCase()})`);
  menu.element.classList.add("selection-menu");
  return menu;
}

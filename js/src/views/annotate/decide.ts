/**
 * The verdicts on the example in focus, the tools beside them, what was said of it, and what is not saved yet.
 *
 * It stands below the picture while a review is open, else in the panel of the example.
 */
import { h, hasFocus, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { markOfCode } from "../parts/palette";
import { swatch } from "../parts/swatch";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { asksForClass, type Choice, choicesFor, decisionsOf, hasClassKeys } from "./choices";
import type { Review, Tool } from "./review";
import { createSaid } from "./said";
import { createToolbox } from "./tools/toolbox";
import { createUnsaved } from "./unsaved";

export function createDecide(context: ViewContext, review: Review): View {
  const verdicts = createVerdicts(context, review);
  const tools = createTools(context, review);
  const toolbox = createToolbox(context, review);
  const said = createSaid(context, review);
  const unsaved = createUnsaved(context, review);
  const parts = [verdicts, tools, toolbox, said, unsaved].map(({ element }) => element);
  return { element: h("div", { class: "decide" }, ...parts) };
}

/** One button a choice; those that stay the same are kept, and the keyboard on them. */
function createVerdicts(context: ViewContext, review: Review): View {
  const { store, signal } = context;
  const { desk } = review;
  const element = h("div", { class: "verdicts", role: "group", "aria-label": "Verdict" });
  let choices: readonly Choice[] = [];
  let known = "";

  function fill(): void {
    const had = hasFocus(element);
    const place = [...element.children].indexOf(document.activeElement as Element);
    const buttons = choices.map((choice) => createChoice(context, choice));
    element.replaceChildren(...buttons);
    if (had) (buttons[place] ?? buttons[0])?.focus({ preventScroll: true });
  }

  on(
    element,
    "click",
    ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      const choice = choices[button ? [...element.children].indexOf(button) : -1];
      if (choice) review.give(choice);
    },
    signal,
  );
  paintOnChange(context, () => {
    const focus = review.current;
    desk.change;
    context.theme();
    choices = choicesFor(desk, store, focus);
    const names = JSON.stringify(choices) + context.theme();
    if (names !== known) fill();
    known = names;
    setAttribute(element, "data-few", choices.length < 5);
    const mine = focus === null || desk.hides(focus) ? null : desk.mine(focus);
    choices.forEach((choice, i) => {
      const gives = focus === null ? null : decisionsOf(desk, store, focus, choice);
      // A verdict with another class than the one on the button is not what the button says.
      const another = mine?.label && gives?.label && mine.label !== gives.label;
      const pressed = choice.verdict !== null && mine?.verdict === choice.verdict && !another;
      setAttribute(element.children[i] as Element, "aria-pressed", String(pressed));
    });
  });
  return { element };
}

function createChoice({ store, theme }: ViewContext, choice: Choice): HTMLElement {
  const { key, shift, title, code, verdict } = choice;
  const sign = key === "" ? "" : `${shift ? "Shift " : ""}${key.toUpperCase()}`;
  const names = store.manifest.classes;
  const mark = code === undefined ? [] : [swatch(markOfCode(code, names, theme()))];
  const text = h("span", { class: "name", dir: "auto" }, title);
  const button = h(
    "button",
    { class: "verdict-button", "aria-keyshortcuts": sign.replace(" ", "+") || undefined },
    ...[...mark, text, h("kbd", { "aria-hidden": "true" }, sign)],
  );
  if (verdict !== null) setAttribute(button, "data-depthviz-verdict", verdict);
  if (code !== undefined) setAttribute(button, "data-depthviz-class-choice", code);
  return button;
}

/** Another class, tags, a note, and back. */
function createTools(context: ViewContext, review: Review): View {
  const { store, signal } = context;
  const { desk } = review;
  const classes = toolButton("another-class", "Another class", "R");
  const tag = toolButton("tag", "Tag", "T");
  const note = toolButton("note", "Note", "N");
  const undo = toolButton("undo-verdict", "Undo", "Ctrl+Z");
  const redo = toolButton("redo-verdict", "Redo", "Ctrl+Shift+Z");
  const skip = toolButton("skip", "Skip", "Enter");
  const opens: readonly (readonly [HTMLElement, Tool])[] = [
    [classes, "class"],
    [tag, "tag"],
    [note, "note"],
  ];
  for (const [button, wanted] of opens) on(button, "click", () => review.openTool(wanted), signal);
  on(undo, "click", () => review.undo(), signal);
  on(redo, "click", () => review.redo(), signal);
  on(skip, "click", () => review.skip(), signal);
  paintOnChange(context, () => {
    for (const [button, wanted] of opens)
      setAttribute(button, "aria-expanded", String(review.tool === wanted));
    desk.change;
    const hidden = desk.hides(review.current);
    const asks = hidden && asksForClass(desk, store);
    setText(classes.firstElementChild as Element, asks ? "Class by name" : "Another class");
    classes.hidden = !desk.schema.verdicts.some(({ relabels }) => relabels);
    setAttribute(classes, "data-first", asks && !hasClassKeys(store));
    skip.hidden = !review.open;
    setAttribute(undo, "aria-disabled", String(!desk.canUndo));
    redo.hidden = !desk.canRedo;
  });
  return { element: h("div", { class: "decide-tools" }, classes, tag, note, undo, redo, skip) };
}

function toolButton(control: string, text: string, key: string): HTMLButtonElement {
  return h("button", { control }, h("span", {}, text), h("kbd", { "aria-hidden": "true" }, key));
}

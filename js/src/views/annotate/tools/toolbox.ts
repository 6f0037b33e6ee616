/**
 * The tools below the verdicts: another class, tags, a note, the name of the annotator. One is open at a time; Escape closes it.
 */
import { effect, untracked } from "../../../store/reactive";
import { h, hasFocus, keepFocus } from "../../parts/dom";
import { on } from "../../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../../parts/view";
import { relabeling } from "../choices";
import type { Review, Tool } from "../review";
import { createClassPicker } from "./class_picker";
import { createNameBox } from "./name_box";
import { createNoteBox } from "./note_box";
import { createTagBox } from "./tag_box";

export function createToolbox(context: ViewContext, review: Review): View {
  const { store, signal } = context;
  const { desk } = review;
  const close = () => review.openTool(null);
  const classes = createClassPicker(context, "What it is", (name) => {
    const index = review.current;
    if (index === null || !review.canDecide) return;
    close();
    review.record(index, relabeling(desk, store, index, name));
  });
  const tags = createTagBox(context, (tag, isOn) => {
    if (review.current !== null) review.record(review.current, { tags: { [tag]: isOn } });
  });
  const keepNote = (index: number, text: string) =>
    review.record(index, { note: text === "" ? null : text });
  const note = createNoteBox(context, keepNote, close);
  const name = createNameBox(context, (text) => {
    desk.setAnnotator(text);
    close();
  });
  const boxes = { class: classes, tag: tags, note, annotator: name };
  const parts = Object.values(boxes).map(({ element }) => element);
  const element = h("div", { class: "toolbox" }, ...parts);

  function begin(tool: Tool): void {
    if (tool === "note" && review.current !== null)
      note.begin(review.current, desk.mine(review.current)?.note ?? "");
    else if (tool === "annotator") name.begin(desk.annotator);
    else if (tool === "class") classes.begin();
    else if (tool === "tag") tags.begin();
  }

  element.hidden = true;
  for (const part of parts) part.hidden = true;
  let shown: Tool = null;
  /** At once, and not with the next frame: the key after the one that opens a field is typed into it. */
  const show = (tool: Tool) => {
    if (tool === shown) return;
    const had = hasFocus(element);
    shown = tool;
    for (const [key, box] of Object.entries(boxes)) box.element.hidden = key !== tool;
    element.hidden = tool === null;
    if (tool !== null) begin(tool);
    if (tool !== null) element.scrollIntoView?.({ block: "nearest" });
    else if (had) keepFocus(element);
  };
  const stop = effect(() => {
    const { tool } = review;
    untracked(() => show(tool));
  });
  on(signal, "abort", stop, { once: true });
  paintOnChange(context, () => {
    desk.change;
    if (review.tool !== "tag" || review.current === null) return;
    tags.show(desk.schema.tags, desk.mine(review.current)?.tags ?? []);
  });
  on(
    element,
    "keydown",
    (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      close();
    },
    signal,
  );
  return { element };
}

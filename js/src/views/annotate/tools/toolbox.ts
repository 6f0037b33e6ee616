/**
 * The tools below the verdicts: another class, tags, a note, the name of the annotator. One is open at a time; Escape closes it, and
 * so does another example: what was typed is about the one before.
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
  const showTags = () => {
    if (review.current === null) return;
    tags.show(desk.schema.tags, desk.mine(review.current)?.tags ?? []);
  };
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
    else if (tool === "tag") {
      showTags(); // with the tool: those of the example before must not stand there for a frame
      tags.begin();
    }
  }

  element.hidden = true;
  for (const part of parts) part.hidden = true;
  let shown: Tool = null;
  /** At once, and not with the next frame: the key after the one that opens a field is typed into it. */
  const show = (tool: Tool) => {
    if (tool === shown) return;
    const had = hasFocus(element);
    if (shown === "note") note.record();
    shown = tool;
    for (const [key, box] of Object.entries(boxes)) box.element.hidden = key !== tool;
    element.hidden = tool === null;
    if (tool !== null) begin(tool);
    if (tool !== null) element.scrollIntoView?.({ block: "nearest" });
    else if (had) keepFocus(element);
  };
  followTool(review, signal, show);
  paintOnChange(context, () => {
    desk.change;
    if (review.tool === "tag") showTags();
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

/** Show what is open; what is about an example closes with the next one, however that came into focus. */
function followTool(review: Review, signal: AbortSignal, show: (tool: Tool) => void): void {
  let about: number | null = null;
  let shown: Tool = null;
  const stop = effect(() => {
    const { tool, current } = review;
    untracked(() => {
      const stays = current === about || tool !== shown || tool === null || tool === "annotator";
      [about, shown] = [current, tool];
      if (stays) show(tool);
      else review.openTool(null);
    });
  });
  on(signal, "abort", stop, { once: true });
}

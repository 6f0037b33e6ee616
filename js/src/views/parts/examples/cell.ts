/**
 * One cell of the grid: the picture, the label and the value it is sorted by, and the suggested label where it is another. Recycled
 * from example to example.
 */

import { createComparison } from "../comparison";
import { h, setAttribute, setText } from "../dom";
import { createExcerpt, type Excerpt } from "../excerpts/excerpt";
import { markOfCode, missingMark } from "../palette";
import { setMark, swatch } from "../swatch";
import type { ViewContext } from "../view";
import { markAnnotated } from "./annotated_mark";
import { createCellValue } from "./cell_value";
import { type Description, describe, suggestionFor } from "./description";
import { createGroupMark } from "./group_mark";
import type { Tiles } from "./tiles";

export interface Cell {
  readonly element: HTMLElement;
  show(index: number, position: number): void;
  hide(): void;
  /** Selection, highlight and focus only. */
  mark(active: number | null): void;
}

export const SMALL_PICTURE = 48;

export function createCell(context: ViewContext): Cell {
  const { store, tiles } = context;
  const canvas = tiles ? createPicture(tiles) : null;
  const excerpt = PREVIEWS ? createExcerpt(context) : null;
  const content = createContent(context, canvas, excerpt);
  const kind = PREVIEWS && excerpt ? "cell worded" : canvas ? "cell" : "cell plain";
  const attributes = { class: kind, role: "gridcell" };
  const element = h("div", attributes, ...content.nodes);
  let shown: number | null = null;
  let drawn = false;
  const lookChanged = createComparison();

  function mark(active: number | null): void {
    if (shown === null) return;
    const selected = store.selection.has(shown);
    setAttribute(element, "aria-selected", String(selected));
    setAttribute(element, "data-highlight", store.highlight === shown);
    setAttribute(element, "data-focus", store.focus === shown);
    setAttribute(element, "tabindex", shown === active ? 0 : -1);
    if (ANNOTATING) markAnnotated(element, context.desk, shown);
  }

  return {
    element,
    mark,
    show(index, position) {
      setAttribute(element, "data-position", position);
      if (!lookChanged(index, context.theme(), store.boundaries, store.sort) && drawn) return;
      shown = index;
      drawn = !canvas || !tiles || tiles.draw(index, canvas);
      element.hidden = false;
      content.show(describe(store, index), element, index);
      if (canvas) setAttribute(canvas, "data-empty", !drawn);
      if (PREVIEWS && excerpt) drawn = excerpt.show(index) && drawn;
    },
    hide() {
      shown = null;
      drawn = false;
      element.hidden = true;
      for (const name of ["data-example-id", "data-position"]) element.removeAttribute(name);
      setAttribute(element, "tabindex", -1);
    },
  };
}

/** Picture and words of a cell, in the order in which they are read. */
function createContent(
  context: ViewContext,
  canvas: HTMLCanvasElement | null,
  excerpt: Excerpt | null,
) {
  const { store } = context;
  const group = createGroupMark(context);
  const id = h("span", { class: canvas || (PREVIEWS && excerpt) ? "spoken" : "id" });
  const label = createClassName(context);
  const value = h("span", { class: "value" });
  const valueName = spoken("");
  const suggestion = createClassName(context);
  const arrow = h("span", { "aria-hidden": "true" }, "→");
  const kind = spoken("");
  const second = h("span", { class: "suggestion" }, kind, arrow, suggestion.element);
  const caption = h("span", { class: "caption" });
  caption.append(spoken(", label "), label.element, valueName, value);
  const picture = canvas ? [canvas] : [];
  const words = PREVIEWS && excerpt ? [spoken(", text "), excerpt.element] : [];
  return {
    nodes: [spoken("Example "), id, ...picture, caption, second, ...words, group.element],
    /** Write an example into the cell. */
    show(words: Description, cell: HTMLElement, index: number) {
      const other = suggestionFor(store, index);
      setAttribute(cell, "data-example-id", words.id);
      setAttribute(cell, "data-wrong", words.verdict === "wrong");
      setText(id, words.id);
      label.show(words.label, words.labelCode);
      const sorted = createCellValue(store, index);
      setText(valueName, sorted.text === "" ? "" : `, ${sorted.name} `);
      setText(value, sorted.text);
      setAttribute(value, "title", sorted.title);
      second.hidden = other === null;
      setText(kind, other ? `, ${other.kind} ` : "");
      if (other) suggestion.show(other.name, other.code);
      group.show(words.group, cell);
    },
  };
}

/** A class by its mark and its name. */
function createClassName({ store, theme }: ViewContext) {
  const mark = swatch(missingMark(theme()));
  const name = h("span", { class: "label" });
  return {
    element: h("span", { class: "named" }, mark, name),
    show(text: string, code: number | undefined) {
      setText(name, text);
      setAttribute(name, "title", text);
      mark.style.display = code === undefined ? "none" : "";
      if (code !== undefined) setMark(mark, markOfCode(code, store.manifest.classes, theme()));
    },
  };
}

/** Words for a screen reader only, between what is seen. */
function spoken(text: string): HTMLElement {
  return h("span", { class: "spoken" }, text);
}

/** A canvas that holds one picture in its own size; the styles scale it, small ones without smoothing. */
export function createPicture(tiles: Tiles): HTMLCanvasElement {
  const [width, height] = tiles.cell;
  const small = Math.max(width, height) <= SMALL_PICTURE;
  const canvas = h("canvas", { class: small ? "picture small" : "picture", "aria-hidden": "true" });
  canvas.width = width;
  canvas.height = height;
  canvas.style.aspectRatio = `${width} / ${height}`;
  return canvas;
}

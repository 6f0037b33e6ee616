/**
 * The card next to the point under the pointer: its picture and its words.
 */

import { h, setAttribute, setText } from "../dom";
import { createExcerpt } from "../excerpts/excerpt";
import type { ViewContext } from "../view";
import { createPicture } from "./cell";
import { type Description, describe } from "./description";
import { createGroupMark } from "./group_mark";

export interface Card {
  readonly element: HTMLElement;
  show(index: number | null, at: { readonly x: number; readonly y: number }): void;
}

const OFFSET_PX = 14;
const EDGE_PX = 4;

export function createCard(context: ViewContext): Card {
  const { store, tiles } = context;
  const group = createGroupMark(context);
  const groupName = h("span");
  const grouped = h("span", { class: "named" }, group.element, groupName);
  const picture = tiles ? createPicture(tiles) : null;
  const title = h("strong");
  const verdict = h("span", { class: "prediction" });
  const depth = h("span");
  const excerpt = PREVIEWS ? createExcerpt(context) : null;
  const words = h("span", { class: "card-words" }, title, verdict, depth, grouped);
  if (PREVIEWS && excerpt) words.append(excerpt.element);
  const element = h(
    "div",
    { class: "card", "aria-hidden": "true" },
    ...(picture ? [picture] : []),
    words,
  );
  element.hidden = true;

  function describeIn(index: number): void {
    const description = describe(store, index);
    setText(title, description.label);
    setText(verdict, description.verdict === "wrong" ? `✕ ${description.prediction}` : "");
    setText(depth, depthText(description));
    grouped.hidden = description.group === null;
    setText(groupName, description.group?.name ?? "");
    group.show(description.group);
    if (picture && tiles) setAttribute(picture, "data-empty", !tiles.draw(index, picture));
    if (PREVIEWS) excerpt?.show(index);
    if (ANNOTATING && context.desk?.hides(index)) {
      // Who is blind is told nothing of an example before the answer.
      for (const part of [title, verdict, depth, groupName]) setText(part, "");
      setText(title, "Not answered yet");
      group.show(null);
      grouped.hidden = true;
    }
  }

  return {
    element,
    show(index, at) {
      element.hidden = index === null;
      if (index === null) return;
      describeIn(index);
      const { clientWidth = 0, clientHeight = 0 } = element.parentElement ?? {};
      const left = at.x + OFFSET_PX + element.offsetWidth > clientWidth;
      const next = left ? at.x - OFFSET_PX - element.offsetWidth : at.x + OFFSET_PX;
      const x = Math.max(EDGE_PX, next);
      const lowest = clientHeight - element.offsetHeight - EDGE_PX;
      const y = Math.max(EDGE_PX, Math.min(at.y - element.offsetHeight / 2, lowest));
      element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    },
  };
}

function depthText({ depth, depths }: Description): string {
  return depths ? `depth ${depths[0]} trained on, ${depths[1]} held out` : `depth ${depth}`;
}

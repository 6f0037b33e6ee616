/**
 * The rows of the queue around the example in focus: a few that are done, and as many of the next as there is room for.
 *
 * Rows are recycled, and nothing in them tells of an example whose answers are hidden more than its picture.
 */

import { formatCount } from "../../../store/columns";
import { closest, h, setAttribute, setText } from "../../parts/dom";
import { createPicture } from "../../parts/examples/cell";
import { describe, suggestionFor } from "../../parts/examples/description";
import { createExcerpt } from "../../parts/excerpts/excerpt";
import { on } from "../../parts/interaction";
import { roveTabindex } from "../../parts/roving_tabindex";
import { paintOnChange, type View, type ViewContext } from "../../parts/view";
import type { Review } from "../review";

const BEFORE = 4;
const ROWS = 26;

export function createQueueRows(context: ViewContext, review: Review): View {
  const { tiles, signal } = context;
  const rows = Array.from({ length: ROWS }, () => createRow(context, review));
  const element = h("div", { class: "review-rows", role: "group", "aria-label": "Queue" });
  element.append(...rows.map((row) => row.element));
  const tabindex = roveTabindex(element, signal);
  on(
    element,
    "click",
    (event) => {
      const place = closest(event, "[data-place]")?.dataset.place;
      const index = review.queue.order[Number(place ?? -1)];
      if (index === undefined) return;
      review.openTool(null);
      review.look(index);
    },
    signal,
  );
  let filled = -1;
  paintOnChange(context, () => {
    review.desk.change;
    void tiles?.version;
    void context.texts?.version;
    context.theme();
    if (!review.open) return;
    const { order, places } = review.queue;
    const at = places.get(review.current ?? -1) ?? 0;
    const from = Math.max(0, at - BEFORE);
    rows.forEach((row, i) => {
      row.show(order[from + i] ?? null, from + i);
    });
    const count = Math.min(ROWS, order.length - from);
    if (count !== filled) tabindex.refresh();
    filled = count;
  });
  return { element };
}

function createRow(context: ViewContext, review: Review) {
  const { store, tiles } = context;
  const { desk } = review;
  const picture = tiles ? createPicture(tiles) : null;
  const name = h("span", { class: "row-name" });
  const second = h("span", { class: "row-name" });
  const words = h("span", { class: "row-words" }, name, second);
  const excerpt = tiles ? null : createExcerpt(context);
  const state = h("span", { class: "row-state" });
  const element = h(
    "button",
    { class: "review-row" },
    ...[...(picture ? [picture] : []), words, ...(excerpt ? [excerpt.element] : []), state],
  );

  return {
    element,
    show(index: number | null, place: number) {
      element.hidden = index === null;
      setAttribute(element, "data-place", index === null ? undefined : place);
      if (index === null) return;
      const said = desk.mine(index)?.verdict ?? null;
      const now = index === review.current;
      setAttribute(element, "aria-current", now ? "true" : undefined);
      setAttribute(element, "data-done", said !== null);
      if (picture && tiles) setAttribute(picture, "data-empty", !tiles.draw(index, picture));
      excerpt?.show(index);
      // In blind mode a neighbor in the queue may be what is asked next.
      const told = desk.blind ? null : describe(store, index);
      const suggestion = desk.blind ? null : suggestionFor(store, index);
      setText(name, told?.label ?? `No. ${formatCount(place + 1)}`);
      setText(second, suggestion && said === null ? `→ ${suggestion.name}` : "");
      setText(state, said === null ? (now ? "now" : "") : verdictTitle(review, said));
    },
  };
}

/** What a verdict is called; its value where the schema has none such. */
export function verdictTitle({ desk }: Pick<Review, "desk">, value: string): string {
  const title = desk.schema.verdicts.find((one) => one.value === value)?.title ?? value;
  return title.toLowerCase().replace(/ label$/, "");
}

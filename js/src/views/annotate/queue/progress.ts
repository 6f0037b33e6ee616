/**
 * How far a review is: how many are reviewed, with which verdicts, and how long the rest will take.
 */

import type { Desk } from "../../../annotations/contract";
import { formatCount } from "../../../store/columns";
import { h, setAttribute, setText } from "../../parts/dom";
import { paintOnChange, type View, type ViewContext } from "../../parts/view";
import type { Review } from "../review";
import { verdictColor } from "../verdict_color";
import { timeInWords } from "./queue";
import { Tally } from "./tally";

/** `who` stands beside the count, `settings` below: what is counted. */
export function createProgress(
  context: ViewContext,
  review: Review,
  who: HTMLElement,
  settings: HTMLElement,
): View {
  const { desk } = review;
  const heading = h("h3", {});
  const bar = h("div", { class: "review-bar", role: "progressbar", "aria-label": "Reviewed" });
  const tally = h("p", { class: "note" });
  const time = h("p", { class: "note" });
  const counted = new Tally(desk);
  paintOnChange(context, () => {
    desk.change;
    if (!review.open) return;
    const { order } = review.queue;
    counted.follow(review.queue);
    const { counts, done, secondsEach } = counted;
    setText(heading, `${formatCount(done)} of ${formatCount(order.length)} reviewed`);
    setAttribute(bar, "aria-valuemax", order.length);
    setAttribute(bar, "aria-valuenow", done);
    setAttribute(bar, "aria-valuetext", heading.textContent ?? "");
    paintBar(bar, desk, counts, order.length);
    const words = desk.schema.verdicts.map(
      ({ title }, i) => `${formatCount(counts[i] ?? 0)} ${title.toLowerCase()}`,
    );
    setText(tally, words.join(", "));
    setText(time, timeInWords(secondsEach, order.length - done));
  });
  return {
    element: h(
      "div",
      { class: "review-progress" },
      h("div", { class: "review-who" }, heading, who),
      settings,
      bar,
      tally,
      time,
    ),
  };
}

function paintBar(bar: HTMLElement, desk: Desk, counts: readonly number[], total: number): void {
  while (bar.children.length < counts.length) bar.append(h("i"));
  counts.forEach((count, place) => {
    const part = bar.children[place] as HTMLElement;
    const verdict = desk.schema.verdicts[place];
    part.style.width = `${total > 0 ? (100 * count) / total : 0}%`;
    part.style.background = verdict ? verdictColor(verdict, place) : "";
  });
}

/**
 * What was said of the example in focus: my class, tags and note, and what others say.
 */
import type { Said } from "../../annotations/contract";
import { h } from "../parts/dom";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { verdictTitle } from "./queue/queue_rows";
import type { Review } from "./review";

export function createSaid(context: ViewContext, review: Review): View {
  const { desk } = review;
  const element = h("div", { class: "said" });
  paintOnChange(context, () => {
    desk.change;
    const focus = review.current;
    const mine = focus === null ? null : desk.mine(focus);
    const others = focus === null || desk.hides(focus) ? [] : desk.others(focus);
    const lines = [...(mine ? mineLines(mine) : []), ...othersLines(review, mine, others)];
    element.replaceChildren(...lines);
    element.hidden = lines.length === 0;
  });
  return { element };
}

function mineLines({ label, tags, note }: Said): HTMLElement[] {
  return [
    ...(label ? [line("You say it is", h("strong", { dir: "auto" }, label))] : []),
    ...(tags.length > 0 ? [line("Tags:", ...apart(tags, ", "))] : []),
    ...(note ? [line("Note:", h("span", { class: "note-words", dir: "auto" }, note))] : []),
  ];
}

function othersLines(review: Review, mine: Said | null, others: readonly Said[]): HTMLElement[] {
  const words = others.map((said) => {
    const parts = [
      said.verdict ? verdictTitle(review, said.verdict) : "",
      said.label ? `→ ${said.label}` : "",
      ...said.tags,
      said.note ? `“${said.note}”` : "",
    ];
    const who = said.kind === "human" ? said.annotator : `${said.annotator} (${said.kind})`;
    return `${who}: ${parts.filter((part) => part !== "").join(" ")}`;
  });
  if (words.length === 0) return [];
  const parted = others.some(
    ({ verdict }) => verdict !== null && mine?.verdict && verdict !== mine.verdict,
  );
  const lead = parted ? "Others see it differently." : "Others:";
  return [line(lead, ...apart(words, "; "))];
}

/** Texts of several origins: none of them turns what comes after it around. */
function apart(texts: readonly string[], between: string): (string | HTMLElement)[] {
  return texts.flatMap((text, i) => [...(i > 0 ? [between] : []), h("bdi", {}, text)]);
}

function line(lead: string, ...values: readonly (string | HTMLElement)[]): HTMLElement {
  return h("p", {}, h("span", { class: "note" }, lead), " ", ...values);
}

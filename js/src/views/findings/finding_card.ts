/**
 * One finding as a button: its number, what it is, six pictures and what to do with it.
 */
import { formatCount } from "../../store/columns";
import type { Finding } from "../../store/findings/findings";
import { h, setAttribute, setText } from "../parts/dom";
import { createPicture } from "../parts/examples/cell";
import { createExcerpt, type Excerpt } from "../parts/excerpts/excerpt";
import { markOfCode, missingMark } from "../parts/palette";
import { setMark, swatch } from "../parts/swatch";
import type { View, ViewContext } from "../parts/view";

export const PICTURES = 6;

export interface FindingCard extends View {
  show(finding: Finding, examples: readonly number[]): void;
  mark(chosen: boolean): void;
  /** Draw mark and pictures. */
  paint(): void;
}

const WEAK_HELP = "So few networks held each example out that a single one can tip its group.";

export function createFindingCard(context: ViewContext): FindingCard {
  const { tiles, theme } = context;
  const sign = swatch(missingMark(theme()));
  const count = h("strong", { class: "finding-count" });
  const title = h("span", { class: "finding-title" });
  const note = h("span", { class: "finding-note" });
  const weak = h("span", { class: "weak", title: WEAK_HELP });
  const verb = h("span", { class: "finding-verb", "aria-hidden": "true" });
  const pictures = tiles ? Array.from({ length: PICTURES }, () => createPicture(tiles)) : [];
  const excerpts = PREVIEWS && !tiles ? createExcerpts(context) : [];
  const head = h("span", { class: "finding-head" }, sign, count, " ", title);
  const line = h("span", { class: "finding-line" }, note, weak, verb);
  const row = h("span", { class: "finding-pictures", "aria-hidden": "true" }, ...pictures);
  if (PREVIEWS) row.append(...excerpts.map((excerpt) => excerpt.element));
  const element = h("button", { class: "finding" }, head, " ", line, row);
  let group: string | null = null;
  let shown: readonly number[] = [];

  return {
    element,
    show(finding, examples) {
      group = finding.group;
      shown = examples;
      setAttribute(element, "data-depthviz-finding", finding.key);
      setAttribute(element, "title", "Filters, sorts and colors all views; again lets go");
      setText(count, formatCount(finding.count));
      setText(title, finding.title);
      setText(note, finding.note);
      setText(weak, finding.weak);
      weak.hidden = finding.weak === "";
      setText(verb, `${finding.verb} ›`);
      row.hidden = shown.length === 0;
    },
    mark(chosen) {
      setAttribute(element, "aria-pressed", String(chosen));
    },
    paint() {
      sign.style.display = group === null ? "none" : "";
      if (group !== null) setMark(sign, markOfCode(0, [group], theme()));
      pictures.forEach((picture, i) => {
        const index = shown[i];
        picture.hidden = index === undefined;
        if (index !== undefined) setAttribute(picture, "data-empty", !tiles?.draw(index, picture));
      });
      if (PREVIEWS) for (const [i, excerpt] of excerpts.entries()) showIn(excerpt, shown[i]);
    },
  };
}

const EXCERPTS = 2;

function createExcerpts(context: ViewContext): Excerpt[] {
  return Array.from({ length: EXCERPTS }, () => createExcerpt(context) ?? []).flat();
}

function showIn(excerpt: Excerpt, index: number | undefined): void {
  excerpt.element.hidden = index === undefined;
  if (index !== undefined) excerpt.show(index);
}

/**
 * The legend of the film strip: what the marks of its frames stand for, of the example in focus.
 */
import type { Store } from "../../../store/store";
import { describe } from "../../parts/description";
import { h, setAttribute } from "../../parts/dom";
import { codeOf } from "../agreement_line";
import type { Neighbors } from "./film_cursor";
import type { FocusedExample } from "./film_frame";

export interface FilmLegend {
  readonly element: HTMLElement;
  paint(example: FocusedExample, neighbors: Neighbors): void;
}

export function createFilmLegend(store: Store): FilmLegend {
  const element = h("p", { class: "hint film-legend" });
  return {
    element,
    paint(example, neighbors) {
      const texts = legendTexts(store, example, neighbors);
      if (element.textContent === texts.join("")) return;
      element.replaceChildren(...texts.map((text) => h("span", { class: "key" }, text)));
      setAttribute(element, "title", texts.join("  "));
    },
  };
}

function legendTexts(
  store: Store,
  { index, label, prediction }: FocusedExample,
  neighbors: Neighbors,
): string[] {
  const predicted = prediction === undefined ? "" : (store.manifest.classes[prediction] ?? "");
  const texts =
    prediction === undefined
      ? ["no prediction to compare with"]
      : [`● labeled ${predicted}, as predicted`, "✕ another label"];
  if (label !== undefined && label !== prediction) {
    texts.push(`◆ labeled ${describe(store, index).label}, as given`);
  }
  const isUnlabeled = (neighbor: number) => codeOf(store, "label", neighbor) === undefined;
  const someUnlabeled = neighbors.some((row) => row.some(isUnlabeled));
  if (someUnlabeled && prediction !== undefined) texts.push("? no label");
  return texts;
}

/**
 * What is not kept yet: how many decisions no store has acknowledged, and why, where that takes longer than a moment.
 */
import { h, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import type { Review } from "./review";

/** A store that answers at once says nothing. */
const MOMENT_MS = 700;

export function createUnsaved(context: ViewContext, { desk }: Review): View {
  const count = h("p", { class: "unsaved", role: "status" });
  const problem = h("p", { class: "unsaved-problem", role: "alert" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let told = false;

  function tell(): void {
    timer = undefined;
    told = desk.unsaved > 0;
    setText(count, unsavedWords(desk.unsaved, desk.unkept));
    count.hidden = !told;
  }

  paintOnChange(context, () => {
    const { unsaved, unkept, problem: why } = desk;
    setText(problem, why);
    problem.hidden = why === "";
    if (told || unsaved + unkept === 0 || why !== "") tell();
    else timer ??= setTimeout(tell, MOMENT_MS);
  });
  on(context.signal, "abort", () => clearTimeout(timer), { once: true });
  return { element: h("div", { class: "unsaved-lines" }, count, problem) };
}

/** "3 not saved yet, kept in this browser", where the browser keeps them. */
export function unsavedWords(count: number, unkept: number): string {
  if (count === 0) return "";
  const number = (of: number) => of.toLocaleString("en-US");
  const words = `${number(count)} not saved yet`;
  if (unkept === 0) return `${words}, kept in this browser`;
  const which = unkept < count ? `${number(unkept)} of them ` : "";
  return `${words}, ${which}lost if this page is closed`;
}

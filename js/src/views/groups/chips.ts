/**
 * Chips: one button for each code of a column, with its count, which keeps the examples of that code.
 *
 * Counts are those under all other filters. Long lists of classes scroll and can be searched; of very long ones
 * only the first thousand matches are listed.
 */
import { type CodeColumn, formatCount } from "../../store/columns";
import { h, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { markOfCode } from "../parts/palette";
import { roveTabindex } from "../parts/roving_tabindex";
import { setMark, swatch } from "../parts/swatch";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

const SEARCH_PAST = 20;
const MOST_LISTED = 1000;

interface Chip {
  readonly code: number;
  readonly button: HTMLButtonElement;
  readonly count: HTMLElement;
  readonly mark: SVGSVGElement;
}

export function createChips(context: ViewContext, column: CodeColumn): View {
  const { store, signal } = context;
  const { name, title, kind } = column.info;
  const long = column.names.length > SEARCH_PAST;
  const list = h("div", {
    class: long ? "chips long" : "chips",
    role: "toolbar",
    "aria-label": title,
  });
  const more = h("p", { class: "hint" });
  const search = h("input", {
    type: "search",
    placeholder: "Search",
    "aria-label": `Search ${title}`,
  });
  const tabindex = roveTabindex(list, signal);
  let chips: Chip[] = [];

  function listMatches(): void {
    const matches = matchingCodes(column.names, search.value);
    chips = matches.slice(0, MOST_LISTED).map((code) => createChip(column, code, context));
    list.replaceChildren(...chips.map((chip) => chip.button));
    tabindex.refresh();
    const left = matches.length - chips.length;
    setText(more, left > 0 ? `${formatCount(left)} more; search to find them` : "");
    more.hidden = left <= 0;
    paint();
  }

  function paint(): void {
    const counts = store.counts(name);
    const kept = new Set(store.filters.kept(name));
    setAttribute(list, "data-filtered", kept.size > 0);
    for (const chip of chips) {
      const count = counts[chip.code] ?? 0;
      setText(chip.count, formatCount(count));
      setAttribute(chip.button, "aria-pressed", String(kept.has(chip.code)));
      setAttribute(chip.button, "data-empty", count === 0);
    }
  }

  function paintMarks(): void {
    const theme = context.theme();
    for (const { code, mark } of chips) setMark(mark, markOfCode(code, column.names, theme));
  }

  on(
    list,
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      const chip = chips.find((candidate) => candidate.button === button);
      if (chip) store.toggleFilter(name, chip.code);
    },
    signal,
  );
  on(search, "input", listMatches, signal);
  listMatches();

  const heading = h("h3", {}, kind === "class" ? `${title} (${column.names.length})` : title);
  const parts = long ? [heading, search, list, more] : [heading, list];
  paintOnChange(context, paint);
  paintOnChange(context, paintMarks);
  return { element: h("section", { class: "panel", "data-depthviz-filter": name }, ...parts) };
}

function createChip(column: CodeColumn, code: number, context: ViewContext): Chip {
  const text = column.names[code] ?? "";
  const mark = swatch(markOfCode(code, column.names, context.theme()));
  const count = h("span", { class: "count" });
  const isLabel = column.info.name === "label";
  const button = h(
    "button",
    {
      class: "chip",
      title: text,
      "data-depthviz-class": isLabel ? code : undefined,
      "data-depthviz-code": code,
    },
    mark,
    h("span", { class: "name" }, text),
    count,
  );
  return { code, button, count, mark };
}

function matchingCodes(names: readonly string[], search: string): number[] {
  const query = search.trim().toLowerCase();
  return [...names.keys()].filter((code) => (names[code] ?? "").toLowerCase().includes(query));
}

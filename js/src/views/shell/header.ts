/**
 * The head of an Explorer: the title, how large the study is, what is filtered, and the tools for the whole view.
 */
import { formatCount } from "../../store/columns";
import { describeFilters } from "../../store/filters/filter_words";
import type { Store } from "../../store/store";
import { createFind } from "../frame/find";
import { h, setAttribute, setText } from "../parts/dom";
import { iconButton } from "../parts/icons";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { statusText } from "./bar";
import { createExportMenu } from "./menus/export_menu";
import { createThemeButton } from "./menus/theme_button";
import { createViewsMenu } from "./menus/views_menu";

export function createHeader(context: ViewContext, help: () => void): View {
  const { store } = context;
  const { title } = store.manifest;
  const element = h(
    "div",
    { class: "bar" },
    h("h2", { class: "title", title }, title),
    createStatus(context),
    createFind(context).element,
    ...createTools(context, help),
  );
  return { element };
}

/** How much is in sight, and by which filters, with the way to let them go. */
function createStatus(context: ViewContext): HTMLElement {
  const { store, signal } = context;
  const status = h("span", { class: "status", title: sizeOf(store) });
  const words = h("span", { class: "in-words" });
  const clear = h(
    "button",
    {
      class: "link",
      title: "Let all filters go",
      control: "clear-filters",
    },
    "clear filters",
  );
  on(clear, "click", () => store.clearFilters(), signal);
  paintOnChange(context, () => {
    const phrases = describeFilters(store);
    setText(status, statusText(store));
    setText(words, phrases.join(" · "));
    setAttribute(words, "title", phrases.join("\n"));
    clear.hidden = phrases.length === 0;
  });
  return h("div", { class: "line" }, status, words, clear);
}

/** "5,000 examples, 5 networks, 8 probes". */
function sizeOf({ manifest }: Store): string {
  const networks = manifest.details.members?.count ?? 1;
  const parts = [
    [manifest.count, "example"],
    [networks, "network"],
    [manifest.probes.length, "probe"],
  ] as const;
  return parts
    .map(([count, name]) => `${formatCount(count)} ${name}${count === 1 ? "" : "s"}`)
    .join(", ");
}

function createTools(context: ViewContext, help: () => void): HTMLElement[] {
  const { store, signal, keeper } = context;
  const undo = iconButton("undo", "undo", "Undo the last selection or filter (Ctrl + Z)");
  const redo = iconButton("redo", "redo", "Do it again (Ctrl + Shift + Z)");
  const screen = iconButton("full-screen", "screen", "The whole screen, and back");
  const keys = iconButton("help", "help", "All keys (?)");
  setAttribute(keys, "aria-haspopup", "dialog");
  on(undo, "click", () => store.undo.undo(), signal);
  on(redo, "click", () => store.undo.redo(), signal);
  on(keys, "click", help, signal);
  on(screen, "click", () => toggleScreen(screen), signal);
  paintOnChange(context, () => {
    setAttribute(undo, "aria-disabled", String(!store.undo.canUndo));
    setAttribute(redo, "aria-disabled", String(!store.undo.canRedo));
  });
  screen.hidden = !document.fullscreenEnabled;
  const menus = [...(keeper ? [createViewsMenu(context, keeper)] : []), createExportMenu(context)];
  return [
    h("div", { class: "bar-tools" }, undo, redo),
    h("div", { class: "bar-tools menus" }, ...menus.map(({ element }) => element)),
    h("div", { class: "bar-tools" }, screen, createThemeButton(context), keys),
  ];
}

/** A host may forbid it: then nothing happens. */
function toggleScreen(button: HTMLElement): void {
  const root = button.closest<HTMLElement>(".depthviz");
  const done = document.fullscreenElement ? document.exitFullscreen() : root?.requestFullscreen();
  done?.catch(() => {});
}

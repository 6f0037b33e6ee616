/**
 * The theme: as the host or the system has it, light or dark.
 */
import { setAttribute } from "../../parts/dom";
import { iconButton } from "../../parts/icons";
import { on } from "../../parts/interaction";
import { paintOnChange, type ViewContext } from "../../parts/view";

const NEXT = { auto: "light", light: "dark", dark: "auto" } as const;

export function createThemeButton(context: ViewContext): HTMLElement {
  const { chosenTheme, signal } = context;
  const button = iconButton("theme", "theme", "");
  on(button, "click", () => (chosenTheme.value = NEXT[chosenTheme.value]), signal);
  paintOnChange(context, () => {
    const title = `Theme: ${chosenTheme.value} (${NEXT[chosenTheme.value]} next)`;
    setAttribute(button, "title", title);
    setAttribute(button, "aria-label", title);
  });
  return button;
}

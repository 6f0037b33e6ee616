/**
 * The classes in question of an example, and the two ways to say which is which: a list of them, and a legend of lines.
 *
 * The role is told by the line, solid for the suggested class, dashed for the given one, dotted for the predicted one; the color is
 * always the class.
 */
import { type Classes, type Curve, shownSide } from "../../../store/details/evidence";
import { ROLES, type Role, type Side } from "../../../store/details/sides";
import type { Store } from "../../../store/store";
import { h } from "../../parts/dom";
import { describe } from "../../parts/examples/description";
import { createGroupMark } from "../../parts/examples/group_mark";
import { css, markOfCode } from "../../parts/palette";
import { swatch } from "../../parts/swatch";
import type { ViewContext } from "../../parts/view";
import { nameOf } from "./sentence";

/** The role that a line is drawn by, where a class has several. */
export function lineOf(roles: readonly Role[]): Role {
  if (roles.includes("suggested")) return "suggested";
  return roles.includes("given") ? "given" : "predicted";
}

/** "given and predicted"; a class that is suggested for no reason is only the next likely. */
export function rolesText(roles: readonly Role[], { suspected }: Classes): string {
  const names = ROLES.filter((role) => roles.includes(role)).map((role) =>
    role === "suggested" && !suspected ? "next likely" : role,
  );
  return names.join(" and ");
}

/** Give an element the color of a class, as `--dv-class`. */
export function colorByClass(
  element: HTMLElement | SVGElement,
  context: ViewContext,
  code: number,
): void {
  const { color } = markOfCode(code, context.store.manifest.classes, context.theme());
  element.style.setProperty("--dv-class", css(color));
}

/** Mark and name of a class. */
export function className(context: ViewContext, code: number): HTMLElement {
  const { classes } = context.store.manifest;
  const mark = swatch(markOfCode(code, classes, context.theme()));
  return h(
    "span",
    { class: "class-name" },
    mark,
    h("strong", { dir: "auto" }, nameOf(context.store, code)),
  );
}

/** One entry a curve: its line, its roles, its class. */
export function legendEntries(
  context: ViewContext,
  curves: readonly Curve[],
  textOf: (roles: readonly Role[]) => string,
): HTMLElement[] {
  return [...curves].reverse().map(({ code, roles }) => {
    const line = h("span", {
      class: "role-line",
      "data-role": lineOf(roles),
      "aria-hidden": "true",
    });
    colorByClass(line, context, code);
    const words = `${textOf(roles)}: `;
    return h("span", { class: "key" }, line, words, h("strong", {}, nameOf(context.store, code)));
  });
}

/** Given, suggested, and predicted by how many networks of each side. */
export function roleList(
  context: ViewContext,
  index: number,
  classes: Classes,
  sides: readonly Side[],
): HTMLElement {
  const { store } = context;
  const rows: HTMLElement[] = [];
  const row = (title: string, code: number | undefined, note = "") => {
    const value = code === undefined ? h("span", {}, "none") : className(context, code);
    const again = rows.some((one) => one.textContent === title);
    const term = again ? h("span", { class: "spoken" }, title) : title;
    rows.push(
      h("dt", {}, term),
      h("dd", {}, value, ...(note ? [" ", h("span", { class: "note" }, note)] : [])),
    );
  };
  row("Given", classes.given);
  if (classes.suggested !== undefined) {
    row(classes.suspected ? "Suggested" : "Next likely", classes.suggested);
  }
  const many = sides.filter(({ name, networks }) => name !== "shown" && networks > 0);
  for (const side of [...many].reverse()) {
    const told = side.name === "trained" ? "trained on it" : "held out";
    const note = `${side.predict.predicted} of ${side.networks} ${told}`;
    row("Predicted", side.predicted, note);
  }
  const group = store.manifest.plane ? describe(store, index).group : null;
  if (group) {
    const mark = createGroupMark(context);
    mark.show(group);
    const value = h("span", { class: "class-name" }, mark.element, group.name);
    rows.push(h("dt", { class: "role-group" }, "Group"), h("dd", { class: "role-group" }, value));
  }
  if (many.length === 0) row("Predicted", classes.predicted, sideOf(store, index));
  return h("dl", { class: "roles" }, ...rows);
}

function sideOf(store: Store, index: number): string {
  if (!store.columns.has("split")) return "";
  return shownSide(store, index) === "trained" ? "trained on it" : "held it out";
}

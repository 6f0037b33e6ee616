/**
 * The mark of an example's group: its shape and color before the label, its color around the cell.
 */

import { setAttribute } from "../dom";
import { css, markOfCode, missingMark } from "../palette";
import { setMark, swatch } from "../swatch";
import type { ViewContext } from "../view";
import type { Description } from "./description";

export interface GroupMark {
  readonly element: SVGSVGElement;
  /** Show a group, or none; the frame around it takes the color. */
  show(group: Description["group"], frame?: HTMLElement): void;
}

export function createGroupMark({ store, theme }: ViewContext): GroupMark {
  const column = store.columns.get("group");
  const names = column?.type === "code" ? column.names : [];
  const element = swatch(missingMark(theme()));
  element.style.display = "none";
  return {
    element,
    show(group, frame) {
      const known = group !== null && store.manifest.plane !== null;
      element.style.display = known ? "" : "none";
      if (frame) setAttribute(frame, "data-group", known ? group.name : undefined);
      if (!known) return;
      const mark = markOfCode(group.code, names, theme());
      setMark(element, mark);
      frame?.style.setProperty("--dv-group", css(mark.color));
    },
  };
}

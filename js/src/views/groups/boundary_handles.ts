/**
 * The four boundaries of the groups as handles: dragged, or moved by the arrow keys.
 *
 * Low may not pass high. Where the two lie on each other, the way of the first move tells which one was meant. Each handle is
 * a slider that says how many examples are in the two groups that it bounds.
 */

import { formatNumber } from "../../store/columns";
import { tidy } from "../../store/filters/bins";
import type { Boundaries } from "../../store/grouping";
import { type Axis, clamp } from "../parts/axis";
import { formatCount, h, setAttribute } from "../parts/dom";
import { paintOnChange, type ViewContext } from "../parts/view";

interface Handle {
  /** Its place in the boundaries. */
  readonly index: 0 | 1 | 2 | 3;
  readonly control: string;
  readonly title: string;
  /** The groups on its side. */
  readonly groups: readonly string[];
}

const HANDLES: readonly Handle[] = [
  {
    index: 0,
    control: "train-low",
    title: "Depth trained on, low to",
    groups: ["easy", "ambiguous unless the label is given"],
  },
  {
    index: 1,
    control: "train-high",
    title: "Depth trained on, high from",
    groups: ["looks like a different class", "ambiguous"],
  },
  {
    index: 2,
    control: "validation-low",
    title: "Depth held out, low to",
    groups: ["easy", "looks like a different class"],
  },
  {
    index: 3,
    control: "validation-high",
    title: "Depth held out, high from",
    groups: ["ambiguous unless the label is given", "ambiguous"],
  },
];
const LARGE = 10;

export function createHandles(
  context: ViewContext,
  axes: readonly [Axis, Axis],
  field: HTMLElement,
): readonly HTMLElement[] {
  const { store, signal } = context;
  const handles = HANDLES.map((handle) => {
    const axis = axes[handle.index < 2 ? 0 : 1];
    return { ...handle, axis, element: createHandle(handle, axis) };
  });
  const ends = () => store.boundaries as Boundaries;

  /** Move one boundary as far as the other of its axis lets it. */
  function moveTo(index: number, value: number): void {
    const axis = axes[index < 2 ? 0 : 1];
    const [least, most] = roomOf(index, ends(), axis);
    const next = ends().map((end, i) => (i === index ? clamp(value, least, most) : end));
    store.setBoundaries(next as unknown as Boundaries);
  }

  function paint(): void {
    const counts = store.counts("group");
    const names = store.grouping?.column.names ?? [];
    for (const { index, axis, element, groups } of handles) {
      const value = ends()[index];
      const side = index < 2 ? "left" : "bottom";
      element.style[side] = `${100 * axis.share(value)}%`;
      const said = groups.map((name) => `${name} ${formatCount(counts[names.indexOf(name)] ?? 0)}`);
      setAttribute(element, "aria-valuenow", tidy(value));
      setAttribute(element, "aria-valuetext", `${formatNumber(value)}; ${said.join(", ")}`);
      const [least, most] = roomOf(index, ends(), axis);
      setAttribute(element, "aria-valuemin", least);
      setAttribute(element, "aria-valuemax", most);
    }
  }

  for (const { index, axis, element } of handles) {
    element.addEventListener(
      "keydown",
      (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const value = valueByKey(event, ends()[index], axis);
        if (value === null) return;
        event.preventDefault();
        moveTo(index, value);
      },
      { signal },
    );
    drag(element, field, index, axis, ends, moveTo, signal);
  }
  paintOnChange(context, paint);
  return handles.map(({ element }) => element);
}

function createHandle({ index, control, title }: Handle, { least, most }: Axis): HTMLElement {
  return h("div", {
    class: `boundary ${index < 2 ? "across" : "up"} ${index % 2 === 0 ? "low" : "high"}`,
    role: "slider",
    tabindex: 0,
    title: `${title}: drag, or move by arrow keys`,
    "aria-label": title,
    "aria-orientation": index < 2 ? "horizontal" : "vertical",
    "aria-valuemin": least,
    "aria-valuemax": most,
    "data-depthviz-control": control,
  });
}

/** Between which values a boundary can move. */
function roomOf(index: number, ends: Boundaries, axis: Axis): readonly [number, number] {
  const other = ends[index ^ 1] as number;
  return index % 2 === 0
    ? [axis.least, Math.max(axis.least, Math.min(axis.most, other))]
    : [Math.min(axis.most, Math.max(axis.least, other)), axis.most];
}

function valueByKey(event: KeyboardEvent, value: number, axis: Axis): number | null {
  const { key, shiftKey } = event;
  if (key === "Home") return Number.NEGATIVE_INFINITY;
  if (key === "End") return Number.POSITIVE_INFINITY;
  const large = shiftKey || key.startsWith("Page") ? LARGE : 1;
  const step = axis.grain * large;
  if (key === "ArrowRight" || key === "ArrowUp" || key === "PageUp") {
    return tidy((Math.floor(value / step + 1e-6) + 1) * step);
  }
  if (key === "ArrowLeft" || key === "ArrowDown" || key === "PageDown") {
    return tidy((Math.ceil(value / step - 1e-6) - 1) * step);
  }
  return null;
}

function drag(
  element: HTMLElement,
  field: HTMLElement,
  index: number,
  axis: Axis,
  ends: () => Boundaries,
  moveTo: (index: number, value: number) => void,
  signal: AbortSignal,
): void {
  let moved: number | null = null;
  let meets = false;
  const on = (
    type: "pointerdown" | "pointermove" | "pointerup" | "pointercancel",
    act: (event: PointerEvent) => void,
  ) => element.addEventListener(type, act, { signal });

  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    moved = index;
    meets = Math.abs((ends()[index] as number) - (ends()[index ^ 1] as number)) < axis.grain;
  });
  on("pointermove", (event) => {
    if (moved === null || event.buttons === 0) return;
    const { left, top, width, height } = field.getBoundingClientRect();
    const share =
      index < 2 ? (event.clientX - left) / (width || 1) : 1 - (event.clientY - top) / (height || 1);
    const value = axis.valueAt(share);
    if (meets) {
      const here = ends()[index] as number;
      if (value === here) return;
      moved = (index & 2) + Number(value > here);
      meets = false;
    }
    moveTo(moved, value);
  });
  for (const type of ["pointerup", "pointercancel"] as const) {
    on(type, () => {
      moved = null;
    });
  }
}

/**
 * The four boundaries of the groups as handles: dragged, or moved by the arrow keys.
 *
 * Low may not pass high. Where the two lie on each other, the direction of the first move decides which one moves. Each handle is
 * a slider that says how many examples are in the two groups that it bounds.
 */

import { formatCount, formatNumber } from "../../store/columns";
import type { Boundaries } from "../../store/grouping";
import { type Axis, clamp } from "../parts/axis";
import { boxOf, giveFocus, h } from "../parts/dom";
import { type DragHandlers, onDrag } from "../parts/interaction";
import { slider } from "../parts/slider";
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
  const boundaries = () => store.boundaries as Boundaries;

  /** Move one boundary as far as the other of its axis lets it. */
  function moveTo(index: number, value: number): void {
    const [least, most] = rangeOf(index, boundaries(), axes[index < 2 ? 0 : 1]);
    const next = boundaries().map((end, i) => (i === index ? clamp(value, least, most) : end));
    store.setBoundaries(next as unknown as Boundaries);
  }

  const handles = HANDLES.map((handle) => {
    const { index } = handle;
    const axis = axes[index < 2 ? 0 : 1];
    const element = createHandle(handle);
    onDrag(element, dragHandlers({ element, field, index, axis, boundaries, moveTo }), {
      signal,
      capture: "press",
    });
    const value = () => boundaries()[index];
    const control = slider(element, {
      signal,
      value,
      range: () => rangeOf(index, boundaries(), axis),
      step: axis.grain,
      large: LARGE,
      moveTo: (to) => moveTo(index, to),
    });
    return { ...handle, axis, element, value, control };
  });

  function paint(): void {
    const counts = store.counts("group");
    const names = store.grouping?.column.names ?? [];
    for (const { index, axis, element, groups, value, control } of handles) {
      element.style[index < 2 ? "left" : "bottom"] = `${100 * axis.share(value())}%`;
      const sizes = groups.map(
        (name) => `${name} ${formatCount(counts[names.indexOf(name)] ?? 0)}`,
      );
      control.describe(`${formatNumber(value())}; ${sizes.join(", ")}`);
    }
  }

  paintOnChange(context, paint);
  return handles.map(({ element }) => element);
}

function createHandle({ index, control, title }: Handle): HTMLElement {
  return h("div", {
    class: `boundary ${index < 2 ? "across" : "up"} ${index % 2 === 0 ? "low" : "high"}`,
    title: `${title}: drag, or move by arrow keys`,
    "aria-label": title,
    "aria-orientation": index < 2 ? "horizontal" : "vertical",
    control,
  });
}

/** Between which values a boundary can move. */
function rangeOf(index: number, ends: Boundaries, axis: Axis): readonly [number, number] {
  const other = ends[index ^ 1] as number;
  return index % 2 === 0
    ? [axis.least, Math.max(axis.least, Math.min(axis.most, other))]
    : [Math.min(axis.most, Math.max(axis.least, other)), axis.most];
}

interface Dragged {
  readonly element: HTMLElement;
  readonly field: HTMLElement;
  readonly index: number;
  readonly axis: Axis;
  boundaries(): Boundaries;
  moveTo(index: number, value: number): void;
}

/** Which boundary moves; null until the first move decides, where two lie on each other. */
interface Held {
  moved: number | null;
}

/** Drag one boundary; of two that lie on each other, the one on the side of the first move. */
function dragHandlers({ element, field, index, axis, boundaries, moveTo }: Dragged) {
  const at = (which: number) => boundaries()[which] as number;
  const handlers: DragHandlers<Held> = {
    start(event) {
      event.preventDefault();
      giveFocus(element);
      return { moved: Math.abs(at(index) - at(index ^ 1)) < axis.grain ? null : index };
    },
    move(event, held) {
      const { left, top, width, height } = boxOf(field);
      const x = (event.clientX - left) / (width || 1);
      const y = 1 - (event.clientY - top) / (height || 1);
      const value = axis.valueAt(index < 2 ? x : y);
      if (held.moved === null && value === at(index)) return true;
      held.moved ??= (index & 2) + Number(value > at(index));
      moveTo(held.moved, value);
      return true;
    },
  };
  return handlers;
}

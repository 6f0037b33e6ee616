/**
 * A slider that is an element of our own: its keys, and what it says of itself to a screen reader.
 *
 * Arrows go to the next multiple of a step, with Shift or by Page Up and Page Down to that of a larger one, Home and End to the
 * ends of its range. A native slider needs none of this.
 */
import { tidy } from "../../store/filters/bins";
import { setAttribute } from "./dom";
import { on } from "./interaction";

export interface SliderOptions {
  readonly signal: AbortSignal;
  value(): number;
  /** Between which values it can move now. */
  range(): readonly [least: number, most: number];
  readonly step: number;
  /** How many steps a large one has. */
  readonly large: number;
  /** Where the steps are counted from, 0 unless given. */
  readonly origin?: number;
  /** Move to a value, which may lie beyond the range. */
  moveTo(value: number): void;
}

export interface Slider {
  /** Report value and range to a screen reader, the value in words too. */
  describe(text: string): void;
}

/** Which way an arrow key moves: 1 forward, -1 back. */
export const ARROW_DIRECTIONS: Readonly<Record<string, 1 | -1>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
};
const DIRECTIONS: Readonly<Record<string, 1 | -1>> = {
  ...ARROW_DIRECTIONS,
  PageUp: 1,
  PageDown: -1,
};

/** Make an element a slider, moved by the keys while it has the focus. */
export function slider(element: HTMLElement, options: SliderOptions): Slider {
  setAttribute(element, "role", "slider");
  setAttribute(element, "tabindex", 0);
  on(
    element,
    "keydown",
    (event) => {
      const value = valueByKey(event, options);
      if (value === null) return;
      event.preventDefault();
      options.moveTo(value);
    },
    { signal: options.signal },
  );
  return {
    describe(text) {
      const [least, most] = options.range();
      setAttribute(element, "aria-valuenow", tidy(options.value()));
      setAttribute(element, "aria-valuetext", text);
      setAttribute(element, "aria-valuemin", least);
      setAttribute(element, "aria-valuemax", most);
    },
  };
}

/** The value that a key leads to; null where it leads nowhere. */
function valueByKey(event: KeyboardEvent, options: SliderOptions): number | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const { key, shiftKey } = event;
  if (key === "Home") return options.range()[0];
  if (key === "End") return options.range()[1];
  const direction = DIRECTIONS[key];
  if (direction === undefined) return null;
  const { large, origin = 0 } = options;
  const step = options.step * (shiftKey || key.startsWith("Page") ? large : 1);
  const place = (options.value() - origin) / step;
  const next = direction > 0 ? Math.floor(place + 1e-6) + 1 : Math.ceil(place - 1e-6) - 1;
  return tidy(origin + next * step);
}

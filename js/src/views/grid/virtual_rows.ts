/**
 * Virtual rows: only those in sight exist, and they are recycled, however long the list.
 *
 * One row may be pinned though out of sight, so that the cell with the keyboard's focus is never taken away.
 * Browsers cap the height of an element; beyond that the scroll position stands for a share of the list.
 */

export interface Rows<T> {
  /** Put the rows in sight in place, and return each with its number. */
  place(total: number, height: number, pinned: number | null): ReadonlyMap<number, T>;
  /** Bring a row into sight; says whether the rows have to be placed again. */
  scrollTo(row: number): boolean;
}

export interface RowMaker<T> {
  create(): T;
  elementOf(row: T): HTMLElement;
  /** Clear a row that nothing is shown in for now. */
  empty(row: T): void;
}

const TALLEST = 8_000_000;
const SPARE = 1;

export function createRows<T>(
  viewport: HTMLElement,
  spacer: HTMLElement,
  maker: RowMaker<T>,
): Rows<T> {
  const inPlace = new Map<number, T>();
  const free: T[] = [];
  let rowHeight = 1;
  let total = 0;

  /** What was last in sight: asking the viewport again after rows were placed would lay them out at once. */
  let [top, space] = [0, 0];

  const squeeze = () =>
    Math.max(1, (total * rowHeight - space) / Math.max(1, scrollHeight() - space));
  const scrollHeight = () => Math.min(total * rowHeight, TALLEST);

  function inSight(): [number, number] {
    const first = Math.floor(top / rowHeight) - SPARE;
    const last = Math.ceil((top + space) / rowHeight) + SPARE;
    return [Math.max(0, first), Math.min(total, last)];
  }

  function take(): T {
    const row = free.pop() ?? maker.create();
    const element = maker.elementOf(row);
    element.hidden = false;
    if (!element.isConnected) spacer.append(element);
    return row;
  }

  function release(number: number, row: T): void {
    inPlace.delete(number);
    free.push(row);
  }

  function hideRow(row: T): void {
    if (maker.elementOf(row).hidden) return;
    maker.elementOf(row).hidden = true;
    maker.empty(row);
  }

  return {
    place(count, height, pinned) {
      total = count;
      rowHeight = Math.max(1, height);
      spacer.style.height = `${scrollHeight()}px`;
      space = viewport.clientHeight;
      const { scrollTop } = viewport;
      top = scrollTop * squeeze();
      const [first, last] = inSight();
      const wanted = new Set(
        Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i),
      );
      if (pinned !== null && pinned < total) wanted.add(pinned);
      for (const [number, row] of [...inPlace]) if (!wanted.has(number)) release(number, row);
      const shift = scrollTop - top;
      for (const number of wanted) {
        const row = inPlace.get(number) ?? take();
        inPlace.set(number, row);
        move(maker.elementOf(row), `translateY(${number * rowHeight + shift}px)`);
      }
      free.forEach(hideRow);
      return inPlace;
    },
    scrollTo(row) {
      const [from, to] = [row * rowHeight, (row + 1) * rowHeight];
      if (from < top) viewport.scrollTop = from / squeeze();
      else if (to > top + space) viewport.scrollTop = (to - space) / squeeze();
      else return false;
      return true;
    },
  };
}

function move(element: HTMLElement, transform: string): void {
  if (element.style.transform !== transform) element.style.transform = transform;
}

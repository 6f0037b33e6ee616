/**
 * The rows of the grid that exist, filled with the cells of a listing.
 */

import { h, setAttribute } from "../parts/dom";
import { type Cell, createCell } from "../parts/examples/cell";
import type { ViewContext } from "../parts/view";
import { createRows } from "./virtual_rows";

interface Row {
  readonly element: HTMLElement;
  readonly cells: Cell[];
}

export interface GridRows {
  /** Show the examples in sight; the row of the active position always exists. */
  paint(columns: number, height: number, active: number): void;
  scrollTo(row: number): boolean;
}

export function createGridRows(
  context: ViewContext,
  grid: HTMLElement,
  spacer: HTMLElement,
): GridRows {
  const { store } = context;
  const rows = createRows<Row>(grid, spacer, {
    create: () => ({ element: h("div", { class: "row", role: "row" }), cells: [] }),
    elementOf: (row) => row.element,
    empty(row) {
      for (const cell of row.cells) cell.hide();
    },
  });

  function fill(row: Row, number: number, columns: number): void {
    while (row.cells.length < columns) {
      const cell = createCell(context);
      row.cells.push(cell);
      row.element.append(cell.element);
    }
    setAttribute(row.element, "aria-rowindex", number + 1);
    row.cells.forEach((cell, column) => {
      const position = number * columns + column;
      const index = column < columns ? store.listing[position] : undefined;
      setAttribute(cell.element, "aria-colindex", column + 1);
      if (index === undefined) cell.hide();
      else cell.show(index, position);
    });
  }

  return {
    paint(columns, height, active) {
      const { listing } = store;
      const total = Math.ceil(listing.length / columns);
      const pinned = listing.length > 0 ? Math.floor(active / columns) : null;
      setAttribute(grid, "aria-rowcount", total);
      setAttribute(grid, "aria-colcount", columns);
      for (const [number, row] of rows.place(total, height, pinned)) {
        fill(row, number, columns);
        for (const cell of row.cells) cell.mark(listing[active] ?? null);
      }
    },
    scrollTo: rows.scrollTo,
  };
}

/**
 * Loans: parts of other views that stand elsewhere for a while, or nowhere, and come back to their place.
 *
 * What stands nowhere is no part of the page: no search, no screen reader and no style finds it.
 */

export interface Loans {
  /** Put a part into another place, or take it out of the page. */
  move(part: Element, place: Element | null): void;
  /** Put a part back, or all of them. */
  giveBack(part?: Element): void;
}

export function createLoans(): Loans {
  const marks = new Map<Element, Comment>();

  function giveBack(part: Element): void {
    marks.get(part)?.replaceWith(part);
    marks.delete(part);
  }

  return {
    move(part, place) {
      if (!marks.has(part)) {
        const mark = document.createComment("");
        part.before(mark);
        marks.set(part, mark);
      }
      if (place === null) part.remove();
      else if (part.parentElement !== place) place.append(part);
    },
    giveBack(part) {
      if (part) giveBack(part);
      else for (const lent of [...marks.keys()].reverse()) giveBack(lent);
    },
  };
}

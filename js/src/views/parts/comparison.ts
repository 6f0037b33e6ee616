/**
 * What has changed since a drawing ran last, where it must know, as a list that goes back to its top for another order.
 */

/** Whether any of these values is another than at the last call; the first call always says so. */
export function createComparison(): (...values: readonly unknown[]) => boolean {
  let before: readonly unknown[] | null = null;
  return (...values) => {
    const same = before?.every((value, i) => Object.is(value, values[i])) ?? false;
    before = values;
    return !same;
  };
}

/** The point renderer: all that a view needs to know of it. */

export type { PickMode, Scatter, ScatterEvents, Tool } from "./contract";
export { ABSENT, HIGHLIGHTED, SELECTED, SHOWN } from "./drawing/points";
export { createScatter } from "./scatter";

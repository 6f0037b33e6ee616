/**
 * What is said of the points as a crowd: a density beneath them and the names of their classes on them.
 *
 * Both are found once for each probe and each change of what is shown. Between two probes the names move and the density fades.
 */
import type { Scatter } from "../../../scatter";
import type { Store } from "../../../store/store";
import { createComparison } from "../../parts/comparison";
import type { LegendItem } from "../encoding";
import type { Points } from "../points";
import { createClassNames } from "./class_names";
import { type Crowd, countCrowd } from "./density_grid";
import { createDensityLayer } from "./density_layer";

/** Where the names stand, over the points, and what says which classes have none. */
export interface CrowdParents {
  readonly ground: HTMLElement;
  readonly spread: HTMLElement;
}

/** Of more classes than these no name would be found among the others. */
export const MOST_NAMES = 40;

/** Returns what follows the points when they have been drawn. */
export function createCrowd(
  store: Store,
  scatter: Scatter,
  points: Points,
  { ground, spread }: CrowdParents,
): () => void {
  const layer = createDensityLayer(scatter);
  const names = createClassNames(scatter, spread);
  const contentChanged = createComparison();
  const namesChanged = createComparison();
  let items: readonly LegendItem[] = [];
  let crowds: Crowd[] = [];
  let painted: Crowd | null = null;

  function count(probe: number): Crowd {
    const { filters, manifest } = store;
    const codes = points.encoding?.codes;
    const { length } = items;
    const start = 2 * probe * manifest.count;
    const places = points.positions?.subarray(start, start + 2 * manifest.count) as Uint16Array;
    return countCrowd(places, length, (i) =>
      filters.isShown(i) && points.has(i) ? Math.min(codes?.[i] ?? length, length) : -1,
    );
  }

  /** Groups and the like lie all over the map: where most of them are says nothing. */
  function areClasses(named: readonly LegendItem[]): boolean {
    const { classes } = store.manifest;
    return named.length <= MOST_NAMES && classes.every((name, i) => named[i]?.name === name);
  }

  function at(probe: number): Crowd {
    crowds[probe] ??= count(probe);
    return crowds[probe];
  }

  function renew(): void {
    const { encoding, columns, positions } = points;
    if (!contentChanged(store.filterChange, encoding, positions)) return;
    crowds = [];
    if (!namesChanged(encoding, columns)) return;
    const colors = columns ? null : encoding?.legend;
    items = colors?.kind === "codes" && areClasses(colors.items) ? colors.items : [];
    names.name(items);
  }

  ground.append(names.element);
  return () => {
    renew();
    const probe = points.columns ? 0 : store.probe;
    const [from, to] = [at(Math.floor(probe)), at(Math.ceil(probe))];
    if (from === to && painted !== from) {
      painted = from;
      layer.paint(from.density);
    }
    layer.place(from === to);
    names.move(from, to, probe % 1);
  };
}

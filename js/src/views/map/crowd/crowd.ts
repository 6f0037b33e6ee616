/**
 * What is said of the points as a crowd: a density beneath them and the names of their classes on them.
 *
 * Both are found once for each probe and each change of what is shown. Between two probes the names move and the density fades.
 */
import type { Scatter } from "../../../scatter";
import type { Store } from "../../../store/store";
import { createComparison } from "../../parts/comparison";
import { resolveColor } from "../../parts/theme";
import type { LegendItem } from "../encoding";
import type { Points } from "../points";
import { createClassNames } from "./class_names";
import { type Crowd, countCrowd } from "./density_grid";
import { createDensityLayer } from "./density_layer";

export interface CrowdView {
  /** The names, which lie over the points. */
  readonly names: HTMLElement;
  /** Says which classes have no place. */
  readonly spread: HTMLElement;
  /** Follow the points, which have just been drawn. */
  draw(): void;
}

/** Of more classes than these no name would be found among the others. */
export const MOST_NAMES = 40;

export function createCrowd(store: Store, scatter: Scatter, points: Points): CrowdView {
  const layer = createDensityLayer(scatter);
  const names = createClassNames(scatter);
  const known = new Map<number, Crowd>();
  const contentChanged = createComparison();
  let items: readonly LegendItem[] = [];
  let painted = -1;

  function at(probe: number): Crowd {
    const { filters, manifest, parts } = store;
    const codes = points.encoding?.codes;
    const { length } = items;
    const places = parts.map?.subarray(
      2 * probe * manifest.count,
      2 * (probe + 1) * manifest.count,
    );
    const crowd =
      known.get(probe) ??
      countCrowd(places as Uint16Array, length, (i) =>
        filters.isShown(i) ? Math.min(codes?.[i] ?? length, length) : -1,
      );
    known.set(probe, crowd);
    return crowd;
  }

  function renew(): void {
    if (!contentChanged(store.filterChange, points.encoding)) return;
    const legend = points.encoding?.legend;
    items = legend?.kind === "codes" && legend.items.length <= MOST_NAMES ? legend.items : [];
    names.name(items);
    known.clear();
    painted = -1;
  }

  return {
    names: names.element,
    spread: names.spread,
    draw() {
      renew();
      const { probe } = store;
      const [from, to] = [Math.floor(probe), Math.ceil(probe)];
      if (from === to && painted !== from) {
        layer.paint(at(from).density, resolveColor(names.element, "--dv-tint", "#dddddd"));
        painted = from;
      }
      layer.place(from === to);
      names.move(at(from), at(to), probe - from);
    },
  };
}

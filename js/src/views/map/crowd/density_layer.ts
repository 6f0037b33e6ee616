/**
 * A soft shade where points are dense, so thin that it can lie over them: where they cover the ground it still tells how many they are.
 *
 * The picture has a pixel a cell; the browser stretches it with the map, so that moving the map draws nothing.
 */
import type { Scatter } from "../../../scatter";
import { h } from "../../parts/dom";
import { CELLS, SIDE } from "./density_grid";

export interface DensityLayer {
  paint(density: Float32Array): void;
  /** Lie where the points lie now, or fade while they move. */
  place(isStill: boolean): void;
}

/** A little below the count itself, so that a thin cloud is seen beside a thick one. */
const POWER = 0.8;
/** Share of the peak below which there is no shade: single points are seen themselves. */
const FLOOR = 0.1;
/** Of 255: how much of the shade is seen where points are densest. */
const MOST = 32;

export function createDensityLayer(scatter: Scatter): DensityLayer {
  const canvas = h("canvas", { class: "crowd", "aria-hidden": "true", width: SIDE, height: SIDE });
  scatter.canvas.after(canvas);
  return {
    paint(density) {
      const image = new ImageData(SIDE, SIDE);
      const peak = Math.max(...density);
      density.forEach((here, at) => {
        image.data[4 * at + 3] = MOST * Math.max(0, here / peak - FLOOR) ** POWER;
      });
      canvas.getContext("2d")?.putImageData(image, 0, 0);
    },
    place(isStill) {
      const { x, y } = scatter.onScreen({ x: 0, y: 1 });
      const scale = (scatter.onScreen({ x: 1, y: 1 }).x - x) / CELLS;
      canvas.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
      canvas.style.opacity = isStill ? "1" : "0";
    },
  };
}

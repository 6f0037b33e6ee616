/**
 * A soft ground where points are dense. It lies over them, and its styles blend it as if it lay beneath.
 *
 * The picture has a pixel a cell; the browser stretches it with the map, so that moving the map draws nothing.
 */
import type { Scatter } from "../../../scatter";
import { h } from "../../parts/dom";
import { CELLS, SIDE } from "./density_grid";

export interface DensityLayer {
  /** Draw the density in a CSS color. */
  paint(density: Float32Array, color: string): void;
  /** Lie where the points lie now, or fade while they move. */
  place(isStill: boolean): void;
}

/** Next to roots, so that a thin cloud is seen beside a thick one. */
const POWER = 0.6;

export function createDensityLayer(scatter: Scatter): DensityLayer {
  const canvas = h("canvas", { class: "crowd", "aria-hidden": "true", width: SIDE, height: SIDE });
  scatter.canvas.after(canvas);
  return {
    paint(density, color) {
      const context = canvas.getContext("2d");
      if (!context) return;
      const peak = density.reduce((most, one) => Math.max(most, one), 1e-9);
      const image = new ImageData(SIDE, SIDE);
      density.forEach((here, at) => {
        image.data[4 * at + 3] = 255 * (here / peak) ** POWER;
      });
      context.putImageData(image, 0, 0);
      context.globalCompositeOperation = "source-in";
      context.fillStyle = color;
      context.fillRect(0, 0, SIDE, SIDE);
    },
    place(isStill) {
      const { x, y } = scatter.onScreen({ x: 0, y: 1 });
      const scale = (scatter.onScreen({ x: 1, y: 1 }).x - x) / CELLS;
      canvas.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
      canvas.style.opacity = isStill ? "1" : "0";
    },
  };
}

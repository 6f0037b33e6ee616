/**
 * A canvas over the points of the map, drawn again whenever they are: blank, it is not even composed.
 */
import type { Scatter } from "../../../scatter";

export interface Layer {
  /** Draw in CSS pixels on a cleared canvas; null where nothing can be drawn. */
  begin(): CanvasRenderingContext2D | null;
  clear(): void;
}

export function createLayer(scatter: Scatter): Layer {
  const canvas = scatter.addLayer();
  canvas.style.display = "none";
  return {
    begin() {
      const { width, height } = scatter.measures;
      const context = width > 0 && height > 0 ? canvas.getContext("2d") : null;
      if (!context) return null;
      const ratio = globalThis.devicePixelRatio || 1;
      const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== across) canvas.width = across;
      if (canvas.height !== down) canvas.height = down;
      canvas.style.display = "block";
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, across, down);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      return context;
    },
    clear() {
      if (canvas.style.display !== "none") canvas.style.display = "none";
    },
  };
}

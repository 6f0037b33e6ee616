/**
 * Draws a frame where there is no WebGL2, by putting rasterized pixels on a 2-D canvas.
 */

import { type Frame, resizeTo, type Painter } from "./frame";
import { rasterize } from "./raster";

export function createCanvas2dPainter(context: CanvasRenderingContext2D): Painter {
  let image: ImageData | null = null;
  return {
    paint(frame: Frame) {
      resizeTo(context.canvas, frame);
      if (image?.width !== frame.width || image.height !== frame.height) {
        image = context.createImageData(frame.width, frame.height);
      }
      rasterize(frame, image.data);
      context.putImageData(image, 0, 0);
    },
  };
}

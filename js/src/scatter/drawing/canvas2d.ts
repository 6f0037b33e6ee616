/**
 * Draws a frame where there is no WebGL2, by putting rasterized pixels on a 2-D canvas.
 */

import { type Frame, type Painter, resizeTo } from "./frame";
import { rasterize } from "./raster";
import { createStamps } from "./stamps";

export function createCanvas2dPainter(context: CanvasRenderingContext2D): Painter {
  const stampsOf = createStamps();
  let image: ImageData | null = null;
  return {
    paint(frame: Frame) {
      resizeTo(context.canvas, frame);
      if (image?.width !== frame.width || image.height !== frame.height) {
        image = context.createImageData(frame.width, frame.height);
      }
      rasterize(frame, stampsOf(frame), image.data);
      context.putImageData(image, 0, 0);
    },
  };
}

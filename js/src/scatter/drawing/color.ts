/**
 * CSS colors as the three bytes that painters need.
 *
 * The browser itself reads the color, by painting one pixel with it, so every notation it knows is
 * understood; a transparent color counts as it would look over black. Where nothing can be painted
 * a middle gray stands in.
 */

export type Rgb = readonly [red: number, green: number, blue: number];

export const GRAY: Rgb = [128, 128, 128];

export function readColor(text: string): Rgb {
  const canvas = document.createElement("canvas");
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return GRAY;
  context.fillStyle = text;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** Black or white, whichever stands out from a background. */
export function inkOn(background: Rgb): Rgb {
  const [red, green, blue] = background;
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? [0, 0, 0] : [255, 255, 255];
}

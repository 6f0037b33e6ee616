/**
 * Colors: ten for classes and five for groups, each for both themes, viridis for numbers.
 *
 * The ten were searched for the largest least distance under normal, deuteranope, protanope and tritanope sight (at least 7.4 in
 * OKLab × 100); the hue of a class is the same in both themes. Groups have a shape each; above ten classes the pair of color
 * and shape distinguishes them (70 pairs, then they repeat).
 */
import type { ThemeName } from "./view";

export type Rgb = readonly [red: number, green: number, blue: number];

export interface Mark {
  readonly color: Rgb;
  readonly shape: number;
}

const CLASSES: Readonly<Record<ThemeName, readonly Rgb[]>> = {
  light: hexes("466fcb f25f36 8c1737 b43b9e 905211 c778a1 426d64 02a05e a974f7 6e1895"),
  dark: hexes("497ef7 f8a87e f57fa7 f5b8fa b6753b db4781 52f0be 7cc22a a468c7 b59be6"),
};
const VIRIDIS = hexes(
  "440154 482475 414487 355f8d 2a788e 21918c 22a884 44bf70 7ad151 bddf26 fde725",
);

/** The eighth shape, the ring, is for what is missing or in no group. */
const SHAPES = 7;
const MISSING_SHAPE = 7;

/** Names whose mark means the same in every study and every chart: light, dark, shape. Nothing easy is green: it is no praise. */
const FIXED: Readonly<Record<string, readonly [light: Rgb, dark: Rgb, shape: number]>> = {
  easy: [hex("747d89"), hex("7f8896"), 0],
  "looks like a different class": [hex("d1500c"), hex("ff8a50"), 2],
  "ambiguous unless the label is given": [hex("7a5be0"), hex("a892ff"), 3],
  ambiguous: [hex("00675f"), hex("4fd6c8"), 1],
  intermediate: [hex("8c94a0"), hex("6b7380"), 7],
  right: [hex("747d89"), hex("7f8896"), 0],
  wrong: [hex("d1500c"), hex("ff8a50"), 4],
  decided: [hex("747d89"), hex("7f8896"), 0],
  undecided: [hex("d1500c"), hex("ff8a50"), 4],
};

/** Color and shape of one code among `size` names. */
export function markOfCode(code: number, names: readonly string[], theme: ThemeName): Mark {
  const fixed = FIXED[names[code] ?? ""];
  if (fixed) return { color: theme === "light" ? fixed[0] : fixed[1], shape: fixed[2] };
  const palette = CLASSES[theme];
  const color = palette[code % palette.length] ?? missingMark(theme).color;
  return { color, shape: Math.floor(code / palette.length) % SHAPES };
}

export function missingMark(theme: ThemeName): Mark {
  return { color: hex(theme === "light" ? "868e99" : "7d8591"), shape: MISSING_SHAPE };
}

/** Viridis at a share of 0..1, without the end that the theme's background would swallow. */
export function viridis(share: number, theme: ThemeName): Rgb {
  const [low, high] = theme === "light" ? [0, 0.93] : [0.12, 1];
  const place = (low + (high - low) * Math.min(1, Math.max(0, share))) * (VIRIDIS.length - 1);
  const from = VIRIDIS[Math.floor(place)] ?? [0, 0, 0];
  const to = VIRIDIS[Math.ceil(place)] ?? from;
  return mix(from, to, place % 1);
}

export function css([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}

/** The color of one of many, by colors of shape (N, 3). */
export function colorOf(rgb: Uint8Array, index: number): string {
  const [red = 0, green = 0, blue = 0] = rgb.subarray(3 * index, 3 * index + 3);
  return css([red, green, blue]);
}

/** Contrast ratio of two colors, 1..21, as WCAG defines it. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return [0, 1, 2].map((i) =>
    Math.round((from[i] ?? 0) + ((to[i] ?? 0) - (from[i] ?? 0)) * share),
  ) as unknown as Rgb;
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function hex(text: string): Rgb {
  const value = Number.parseInt(text, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function hexes(text: string): Rgb[] {
  return text.split(" ").map(hex);
}

/**
 * Colors: Okabe and Ito's for up to eight classes, Petroff's ten above, viridis for numbers, fixed ones for groups.
 *
 * A color is never the only code: every class has a shape too, and above ten classes only the pair of both distinguishes them (70
 * pairs, then they repeat). Colors that would drown in a background are moved toward its opposite.
 */
import type { ThemeName } from "./view";

export type Rgb = readonly [red: number, green: number, blue: number];

export interface Mark {
  readonly color: Rgb;
  readonly shape: number;
}

const OKABE_ITO = "0072b2 d55e00 009e73 e69f00 56b4e9 cc79a7 6e6e6e f0e442".split(" ").map(hex);
const PETROFF = "3f90da ffa90e bd1f01 94a4a2 832db6 a96b59 e76300 b9ac70 717581 92dadd"
  .split(" ")
  .map(hex);
const VIRIDIS = "440154 482475 414487 355f8d 2a788e 21918c 22a884 44bf70 7ad151 bddf26 fde725"
  .split(" ")
  .map(hex);

/** The eighth shape, the ring, is for missing values alone. */
const SHAPES = 7;
const MISSING_SHAPE = 7;

/** Names whose color means the same in every study and every chart. */
const FIXED: Readonly<Record<string, Mark>> = {
  easy: { color: hex("009e73"), shape: 0 },
  "looks like a different class": { color: hex("d55e00"), shape: 2 },
  "ambiguous unless the label is given": { color: hex("0072b2"), shape: 1 },
  ambiguous: { color: hex("cc79a7"), shape: 3 },
  intermediate: { color: hex("7d7d7d"), shape: 5 },
  right: { color: hex("0072b2"), shape: 0 },
  wrong: { color: hex("d55e00"), shape: 4 },
  decided: { color: hex("0072b2"), shape: 0 },
  undecided: { color: hex("d55e00"), shape: 4 },
};

const GROUND: Readonly<Record<ThemeName, Rgb>> = { light: hex("ffffff"), dark: hex("16181d") };
const LEAST_CONTRAST: Readonly<Record<ThemeName, number>> = { light: 1.9, dark: 3 };
/** Of names with a fixed mark, also on the ground of a host's dark theme that is lighter than ours. */
const FIXED_CONTRAST = 3.4;

/** Color and shape of one code among `size` names. */
export function markOfCode(code: number, names: readonly string[], theme: ThemeName): Mark {
  const fixed = FIXED[names[code] ?? ""];
  if (fixed) return { ...fixed, color: legible(fixed.color, theme, FIXED_CONTRAST) };
  const palette = names.length <= OKABE_ITO.length ? OKABE_ITO : PETROFF;
  const color = palette[code % palette.length] ?? missingMark(theme).color;
  const round = Math.floor(code / palette.length);
  return { color: legible(color, theme), shape: (code + 3 * round) % SHAPES };
}

export function missingMark(theme: ThemeName): Mark {
  return { color: theme === "light" ? hex("868c93") : hex("7d848c"), shape: MISSING_SHAPE };
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

function legible(color: Rgb, theme: ThemeName, least = LEAST_CONTRAST[theme]): Rgb {
  const ground = GROUND[theme];
  const away: Rgb = theme === "light" ? [0, 0, 0] : [255, 255, 255];
  for (let share = 0; share < 0.9; share += 0.05) {
    const moved = mix(color, away, share);
    if (contrast(moved, ground) >= least) return moved;
  }
  return away;
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

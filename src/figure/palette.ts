// Colours by role. Ten hues for names, told apart by readers with and without colour vision (the test computes it for three kinds of
// colour blindness; a random search made the least distance as large as it would go), a ramp for ordered numbers, and a few roles for everything that is not data.
//
// A policy must have one colour in every figure of every notebook, whoever wrote it and whatever else the figure holds. So a name's hue is
// a hash of the name alone. The salt was searched for once, so that the policies of the prelude take distinct hues; nothing else is known
// about them here. Two names of one figure that collide keep their hue and differ in dash and marker.

import type {Color} from "./figure.ts";

export interface Palette {
  readonly series: readonly string[];
  /** From low to high. */
  readonly ramp: readonly string[];
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly paper: string;
  readonly panel: string;
  readonly danger: string;
  readonly warning: string;
  readonly good: string;
}

export const lightPalette: Palette = {
  series: [
    "#005ca4",
    "#d45300",
    "#009b70",
    "#c071b7",
    "#42b6eb",
    "#e29e02",
    "#33228f",
    "#871a46",
    "#9a9e42",
    "#6d717e",
  ],
  ramp: ["#fde9a9", "#f7c46c", "#ea9a4f", "#d56b52", "#b0436b", "#7e2f80", "#452a7e"],
  ink: "#1f2430",
  muted: "#667085",
  grid: "#e4e7ec",
  paper: "#ffffff",
  panel: "#ffffff",
  danger: "#c8102e",
  warning: "#b54708",
  good: "#067647",
};

export const darkPalette: Palette = {
  series: [
    "#57a6f5",
    "#ff874f",
    "#2fd19d",
    "#e296d5",
    "#a8f4ff",
    "#ffc242",
    "#807fff",
    "#d64673",
    "#857f02",
    "#96959e",
  ],
  ramp: ["#3b2f6b", "#6a3a8a", "#9c4790", "#cc5f80", "#ec8667", "#f9b863", "#fdeb9a"],
  ink: "#e6e9ef",
  muted: "#98a2b3",
  grid: "#2c3340",
  paper: "#14181f",
  panel: "#14181f",
  danger: "#ff5c6c",
  warning: "#fdb022",
  good: "#47cd89",
};

const salt = 7184;

/** Hue 0..9 of a name. FNV-1a with a salted start and a final mix, since short names differ in few bits. */
export function hueOf(name: string): number {
  let hash = salt;
  for (const character of name) {
    hash = Math.imul(hash ^ (character.codePointAt(0) as number), 16777619) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return ((hash ^ (hash >>> 12)) >>> 0) % lightPalette.series.length;
}

export interface SeriesStyle {
  readonly color: Color;
  readonly dash: "solid" | "dash" | "dot" | "dashdot";
  readonly symbol: string;
}

const dashes = ["solid", "dash", "dot", "dashdot"] as const;
const symbols = ["circle", "square", "diamond", "triangle-up", "cross", "x", "star"];

/** A style for each name, in order; numbers (16, 64, …) take a ramp instead of hues. */
export function seriesStyles(
  names: readonly (string | number)[],
): Map<string | number, SeriesStyle> {
  const styles = new Map<string | number, SeriesStyle>();
  const used = new Map<number, number>();
  const ordered = names.length > 1 && names.every((name) => typeof name === "number");
  names.forEach((name, index) => {
    if (ordered) {
      const place = Math.round((100 * (index + 0.6)) / (names.length + 0.2));
      styles.set(name, {
        color: `@ramp${place}`,
        dash: dashes[names.length > 12 ? index % 4 : 0],
        symbol: symbols[index % symbols.length],
      });
      return;
    }
    const hue = hueOf(String(name));
    const turn = used.get(hue) ?? 0;
    used.set(hue, turn + 1);
    styles.set(name, {
      color: `@series${hue}`,
      dash: dashes[turn % dashes.length],
      symbol: symbols[turn % symbols.length],
    });
  });
  return styles;
}

/**
 * The colour a role means: `@ink`; `@series3/25`, a quarter opaque; `@series3~25`, as that looks on paper but opaque; `@ramp40`, 40 % up the
 * ramp. Throws a RangeError for what is no role.
 */
export function resolveColor(color: Color, palette: Palette): string {
  const match = /^@([a-z]+)(\d*)(?:([/~])(\d+))?$/.exec(color);
  if (match === null) throw new RangeError(`\`${color}\` is not a colour role`);
  const [, role, index, how, part] = match;
  const solid = baseColor(role, index, palette);
  if (solid === undefined) throw new RangeError(`\`${color}\` is not a colour role`);
  if (part === undefined) return solid;
  const share = Number(part) / 100;
  if (how === "~") return rampColor([palette.paper, solid], share);
  const channels = [1, 3, 5].map((at) => Number.parseInt(solid.slice(at, at + 2), 16));
  return `rgba(${channels.join(",")},${share})`;
}

function baseColor(role: string, index: string, palette: Palette): string | undefined {
  if (role === "series" && index !== "") return palette.series[Number(index)];
  if (role === "ramp" && index !== "") return rampColor(palette.ramp, Number(index) / 100);
  const plain: Readonly<Record<string, string>> = {
    ink: palette.ink,
    muted: palette.muted,
    grid: palette.grid,
    paper: palette.paper,
    panel: palette.panel,
    danger: palette.danger,
    warning: palette.warning,
    good: palette.good,
  };
  return index === "" ? plain[role] : undefined;
}

function rampColor(ramp: readonly string[], place: number): string {
  const at = Math.min(1, Math.max(0, place)) * (ramp.length - 1);
  const low = Math.min(ramp.length - 2, Math.floor(at));
  const channels = [1, 3, 5].map((start) => {
    const a = Number.parseInt(ramp[low].slice(start, start + 2), 16);
    const b = Number.parseInt(ramp[low + 1].slice(start, start + 2), 16);
    return Math.round(a + (b - a) * (at - low))
      .toString(16)
      .padStart(2, "0");
  });
  return `#${channels.join("")}`;
}

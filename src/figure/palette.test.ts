import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {darkPalette, hueOf, lightPalette, resolveColor, seriesStyles} from "./palette.ts";

// Linear RGB as a dichromat sees it (severity 1): Machado, Oliveira and Fernandes, IEEE TVCG 15(6), 2009, table 1.
const sight: Readonly<Record<string, readonly number[]>> = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  deuteranopia: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  tritanopia: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
};

function linear(color: string): number[] {
  return [1, 3, 5].map((at) => {
    const c = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
}

function lab(color: string, seen: readonly number[]): number[] {
  const [r, g, b] = linear(color);
  const [sr, sg, sb] = [0, 3, 6].map((i) =>
    Math.max(0, seen[i] * r + seen[i + 1] * g + seen[i + 2] * b),
  );
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124 * sr + 0.3576 * sg + 0.1805 * sb) / 0.9505);
  const y = f(0.2126 * sr + 0.7152 * sg + 0.0722 * sb);
  const z = f((0.0193 * sr + 0.1192 * sg + 0.9505 * sb) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function luminance(color: string): number {
  const [r, g, b] = linear(color);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

for (const [theme, palette] of [
  ["light", lightPalette],
  ["dark", darkPalette],
] as const) {
  describe(`the ${theme} palette`, () => {
    for (const [who, seen] of Object.entries(sight)) {
      it(`keeps its hues apart for ${who}`, () => {
        let least = Number.POSITIVE_INFINITY;
        let pair = "";
        palette.series.forEach((a, i) => {
          palette.series.slice(i + 1).forEach((b) => {
            const distance = Math.hypot(...lab(a, seen).map((v, k) => v - lab(b, seen)[k]));
            if (distance < least) {
              least = distance;
              pair = `${a} ${b}`;
            }
          });
        });
        // CIE 1976 difference; 2.3 is just noticeable side by side.
        assert.ok(least > (who === "normal" ? 30 : 15), `${pair}: ${least.toFixed(1)}`);
      });
    }

    it("has text that can be read and marks that can be seen on its paper", () => {
      assert.ok(contrast(palette.ink, palette.paper) > 7);
      assert.ok(contrast(palette.muted, palette.paper) > 4.5);
      for (const color of palette.series) {
        assert.ok(
          contrast(color, palette.paper) > 2.2,
          `${color} ${contrast(color, palette.paper)}`,
        );
      }
    });
  });
}

it("gives the policies of the prelude distinct hues, the same in every figure", () => {
  const names = [
    "none",
    "broadcast_ipi",
    "targeted_ipi",
    "flush_ipi",
    "rcu_sync",
    "rcu_expedited",
    "rcu_deferred",
  ];
  assert.equal(new Set(names.map(hueOf)).size, names.length);
  const alone = seriesStyles(["rcu_sync"]).get("rcu_sync")?.color;
  const last = seriesStyles([...names].reverse()).get("rcu_sync")?.color;
  assert.equal(alone, last);
});

it("tells 64 series apart by hue, dash and marker", () => {
  const styles = seriesStyles(Array.from({length: 64}, (_, i) => `policy_${i}`));
  const looks = new Set([...styles.values()].map((style) => JSON.stringify(style)));
  assert.equal(looks.size, 64);
});

it("gives ordered numbers a ramp", () => {
  const colors = [...seriesStyles([1, 16, 64]).values()].map((style) => style.color);
  assert.deepEqual(colors, ["@ramp19", "@ramp50", "@ramp81"]);
});

it("resolves roles with opacity and mixtures, and nothing else", () => {
  assert.equal(resolveColor("@series0", lightPalette), lightPalette.series[0]);
  assert.equal(resolveColor("@ink/50", lightPalette), "rgba(31,36,48,0.5)");
  assert.equal(resolveColor("@series0~0", lightPalette), "#ffffff");
  assert.equal(resolveColor("@ramp100", lightPalette), lightPalette.ramp.at(-1));
  for (const wrong of ["red", "@series", "@series99", "@ink5", "@nothing"]) {
    assert.throws(() => resolveColor(wrong, lightPalette), /not a colour role/);
  }
});

import assert from "node:assert/strict";
import {it} from "node:test";
import {gammaP, gammaQ, gammaRatioOfHalf, logGamma} from "./gamma-function.ts";
import {normalCdf, normalQuantile} from "./normal-law.ts";

function close(actual: number, expected: number, relative: number, what: string): void {
  assert.ok(Math.abs(actual / expected - 1) <= relative, `${what}: ${actual}, not ${expected}`);
}

it("logGamma agrees with factorials and half-integers", () => {
  assert.ok(Math.abs(logGamma(1)) < 1e-14);
  close(logGamma(5), Math.log(24), 1e-14, "4!");
  close(logGamma(0.5), Math.log(Math.PI) / 2, 1e-14, "Gamma(1/2)");
  close(logGamma(101), 363.73937555556347, 1e-14, "100!");
  close(logGamma(1e-3), 6.907178885383854, 1e-14, "Gamma(1/1000)");
});

it("the ratio of gammas half a step apart agrees with their definition", () => {
  close(gammaRatioOfHalf(0.5), 1 / Math.sqrt(Math.PI), 1e-14, "x = 1/2");
  close(gammaRatioOfHalf(1), Math.sqrt(Math.PI) / 2, 1e-14, "x = 1");
  close(gammaRatioOfHalf(7), Math.exp(logGamma(7.5) - logGamma(7)), 1e-13, "x = 7");
  close(gammaRatioOfHalf(50) * gammaRatioOfHalf(50.5), 50, 1e-14, "two half steps are one");
});

it("incomplete gamma functions agree with closed forms", () => {
  close(gammaP(1, 2), 1 - Math.exp(-2), 1e-14, "exponential");
  close(gammaQ(3, 10), Math.exp(-10) * (1 + 10 + 50), 1e-13, "Erlang tail");
  const x = 0.01;
  const body =
    (x ** 3 / 6) * Math.exp(-x) * (1 + x / 4 + x ** 2 / 20 + x ** 3 / 120 + x ** 4 / 840);
  close(gammaP(3, x), body, 1e-12, "Erlang body");
  close(gammaP(250, 250) + gammaQ(250, 250), 1, 1e-15, "they add up to 1");
});

// Reference values: Abramowitz and Stegun, table 26.1 and, in the tail, section 26.2.
it("the normal law agrees with tables", () => {
  assert.equal(normalCdf(0), 0.5);
  close(normalCdf(1), 0.841344746068543, 1e-14, "1");
  close(normalCdf(-5), 2.866515718791939e-7, 1e-13, "-5");
  close(normalCdf(-10), 7.619853024160527e-24, 1e-13, "-10");
  close(normalQuantile(0.975), 1.959963984540054, 1e-15, "97.5 %");
  close(normalQuantile(0.25), -0.6744897501960817, 1e-15, "25 %");
});

it("quantile and distribution function undo each other", () => {
  for (const p of [1e-300, 1e-20, 1e-9, 1e-4, 0.02, 0.3, 0.5, 0.6, 0.9]) {
    close(normalCdf(normalQuantile(p)), p, 2e-13 * (1 + Math.abs(Math.log(p))), `p = ${p}`);
    assert.ok(Math.abs(normalQuantile(1 - p) + normalQuantile(p)) < 1e-7 || p < 1e-9);
  }
  assert.equal(normalQuantile(0), Number.NEGATIVE_INFINITY);
  assert.equal(normalQuantile(1), Number.POSITIVE_INFINITY);
  assert.ok(Number.isNaN(normalQuantile(1.5)));
});

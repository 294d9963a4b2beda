import assert from "node:assert/strict";
import {it} from "node:test";
import {normalQuantile} from "../random/normal-law.ts";
import {incompleteBeta} from "./incomplete-beta.ts";
import {tCdf, tQuantile, tTail} from "./student-t.ts";

function close(actual: number, expected: number, relative = 1e-12): void {
  assert.ok(Math.abs(actual / expected - 1) <= relative, `${actual}, not ${expected}`);
}

// One and two degrees of freedom have closed forms: tan(pi (p - 1/2)) and (2p - 1) / sqrt(2 p (1 - p)).
it("quantiles agree with closed forms to 1e-12", () => {
  for (const p of [0.6, 0.9, 0.975, 0.995, 0.9999]) {
    close(tQuantile(p, 1), -1 / Math.tan(Math.PI * p));
    close(tQuantile(p, 2), (2 * p - 1) / Math.sqrt(2 * p * (1 - p)));
  }
  // Four degrees: 2 sqrt(cos(arccos(sqrt(a)) / 3) / sqrt(a) - 1) with a = 4 p (1 - p).
  for (const p of [0.6, 0.975, 0.999]) {
    const a = Math.sqrt(4 * p * (1 - p));
    close(tQuantile(p, 4), 2 * Math.sqrt(Math.cos(Math.acos(a) / 3) / a - 1));
  }
});

it("quantiles agree with published values", () => {
  close(tQuantile(0.975, 9), 2.262157162798205);
  close(tQuantile(0.95, 10), 1.812461122811676);
  close(tQuantile(0.975, 30), 2.042272456301238);
  close(tQuantile(0.995, 100), 2.625890521436019);
});

it("quantile and tail undo each other over all sizes", () => {
  for (const df of [0.5, 1, 2.7, 9, 39, 1000, 1e5]) {
    for (const q of [1e-12, 1e-6, 0.001, 0.025, 0.2, 0.49]) {
      close(tTail(tQuantile(1 - q, df), df), 1 - (1 - q), 1e-12);
      close(tQuantile(q, df), -tQuantile(1 - q, df), q < 1e-4 ? 1e-3 : 1e-11);
    }
  }
});

it("many degrees of freedom are nearly normal, infinitely many are", () => {
  assert.equal(tQuantile(0.975, Number.POSITIVE_INFINITY), normalQuantile(0.975));
  assert.ok(Math.abs(tQuantile(0.975, 1e7) - normalQuantile(0.975)) < 1e-6);
  assert.equal(tQuantile(0.5, 3), 0);
  assert.equal(tCdf(0, 3), 0.5);
  assert.ok(Number.isNaN(tQuantile(-0.1, 3)));
});

it("the incomplete beta function agrees with binomial sums", () => {
  // P(Bin(5, 0.3) >= 2)
  close(incompleteBeta(0.3, 2, 4), 1 - 0.7 ** 5 - 5 * 0.3 * 0.7 ** 4, 1e-13);
  close(incompleteBeta(0.9, 3, 2), 1 - 0.1 ** 4 - 4 * 0.9 * 0.1 ** 3 - 6 * 0.81 * 0.01, 1e-13);
  assert.equal(incompleteBeta(0, 2, 3), 0);
  assert.equal(incompleteBeta(1, 2, 3), 1);
});

import assert from "node:assert/strict";
import {it} from "node:test";
import {exp, expm1, log, log1p, pow} from "./elementary.ts";
import {openStream, uniform53} from "./stream.ts";
import {normal} from "./ziggurat.ts";

/** Distance in units of the last place of the second. */
function ulps(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  const unit = Math.max(2 ** (Math.floor(Math.log2(Math.abs(b))) - 52), Number.MIN_VALUE);
  return Math.abs(a - b) / unit;
}

it("log is within 1 ulp of the platform's over all magnitudes", () => {
  const state = openStream(1, 0, "log", "test");
  for (let i = 0; i < 50_000; i++) {
    const x = i % 2 === 0 ? 2 ** (2000 * uniform53(state, 0) - 1000) : 0.5 + uniform53(state, 0);
    assert.ok(ulps(log(x), Math.log(x)) <= 1, `log(${x}) = ${log(x)}, ${Math.log(x)}`);
  }
});

it("exp is within 1 ulp of the platform's over all magnitudes", () => {
  const state = openStream(2, 0, "exp", "test");
  for (let i = 0; i < 50_000; i++) {
    const x = i % 2 === 0 ? 1400 * uniform53(state, 0) - 700 : normal(state, 0);
    assert.ok(ulps(exp(x), Math.exp(x)) <= 1, `exp(${x}) = ${exp(x)}, ${Math.exp(x)}`);
  }
});

it("special values are those of IEEE 754", () => {
  assert.equal(log(1), 0);
  assert.equal(log(0), Number.NEGATIVE_INFINITY);
  assert.ok(Number.isNaN(log(-1)));
  assert.ok(Number.isNaN(log(Number.NaN)));
  assert.equal(log(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
  assert.ok(ulps(log(5e-324), Math.log(5e-324)) <= 1);
  assert.equal(exp(0), 1);
  assert.equal(exp(Number.NEGATIVE_INFINITY), 0);
  assert.equal(exp(710), Number.POSITIVE_INFINITY);
  assert.ok(Number.isNaN(exp(Number.NaN)));
  assert.ok(ulps(exp(709.7), Math.exp(709.7)) <= 1);
  assert.ok(ulps(exp(-740), Math.exp(-740)) <= 1);
  assert.equal(pow(0, 2), 0);
  assert.equal(pow(7, 0), 1);
});

it("expm1 and log1p keep their relative precision near zero", () => {
  for (const x of [1e-300, -1e-17, 3e-9, -2e-5, 0.01, -0.3, 0.49, 0.51, 2, -0.9]) {
    assert.ok(Math.abs(expm1(x) / Math.expm1(x) - 1) < 1e-15, `expm1(${x})`);
    assert.ok(Math.abs(log1p(x) / Math.log1p(x) - 1) < 1e-15, `log1p(${x})`);
  }
});

it("pow stays within its stated bound", () => {
  const state = openStream(3, 0, "pow", "test");
  for (let i = 0; i < 20_000; i++) {
    const x = 2 ** (40 * uniform53(state, 0) - 20);
    const y = 20 * uniform53(state, 0) - 10;
    const bound = (2 + Math.abs(y * Math.log(x))) * 2 ** -52;
    assert.ok(Math.abs(pow(x, y) / x ** y - 1) <= bound, `${x} ** ${y}`);
  }
});

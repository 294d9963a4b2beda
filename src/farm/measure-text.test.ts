import assert from "node:assert/strict";
import {it} from "node:test";
import type {MeasureExpr} from "../plan/measure.ts";
import {mean} from "./fake-engine.contract.ts";
import {measureText, measureUnit} from "./measure-text.ts";

const quantile = (q: number): MeasureExpr => ({...mean, aggregator: "quantile", q});
const rate: MeasureExpr = {op: "stat", aggregator: "rate", entity: "sync", metric: "ipis"};

it("measures read as in the language", () => {
  const of = (expr: MeasureExpr): string => measureText(expr, measureUnit(expr));
  assert.equal(of(quantile(0.5)), "p50(thp.sync)");
  assert.equal(of(quantile(0.99)), "p99(thp.sync)");
  assert.equal(of(quantile(0.999)), "p999(thp.sync)");
  assert.equal(of(quantile(0.05)), "quantile(thp.sync, 5%)");
  assert.equal(
    of({...mean, aggregator: "frac", compare: "<", bound: 2000}),
    "frac(thp.sync < 2us)",
  );
  assert.equal(
    of({
      op: "/",
      left: {op: "+", left: mean, right: quantile(0.9)},
      right: {op: "number", value: 2},
    }),
    "(mean(thp.sync) + p90(thp.sync)) / 2",
  );
  assert.equal(of({op: "at", select: {policy: "b"}, of: rate}), "rate(sync.ipis) at (policy: b)");
});

it("units follow the arithmetic", () => {
  assert.equal(measureUnit(mean), "ns");
  assert.equal(measureUnit(rate), "1/s");
  assert.equal(measureUnit({op: "/", left: mean, right: mean}), "1");
  assert.equal(measureUnit({op: "*", left: {op: "number", value: 2}, right: mean}), "ns");
  assert.equal(measureUnit({op: "-", left: mean, right: {op: "number", value: 2}}), "ns");
  assert.equal(measureUnit({op: "number", value: 2}), undefined);
});

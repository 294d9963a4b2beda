import assert from "node:assert/strict";
import {it} from "node:test";
import {canonicalJson, planHash} from "./hash.ts";
import type {Plan} from "./plan.ts";
import {labelsAt, pointText, pointWith, systemAt} from "./point.ts";

const plan = {
  format: 1,
  name: "which",
  base: {
    duration: 10,
    walkers: [
      {name: "gup", pages: 1},
      {name: "perf", pages: 2},
    ],
  },
  axes: [
    {path: "policy", unit: "name", values: [{label: "a"}, {label: "b"}]},
    {
      path: "pages",
      unit: "1",
      values: [
        {label: "1", value: 1},
        {label: "8", value: 8},
      ],
    },
  ],
  points: [
    {at: [0, 0], patches: []},
    {at: [1, 0], patches: [{path: ["duration"], value: 20}]},
    {at: [1, 1], patches: [{path: ["walkers", 1, "pages"], value: 8}]},
    {at: [0, 1], patches: [{path: ["nowhere", "pages"], value: 8}]},
  ],
} as unknown as Plan;

it("a point's system is the base with its patches, the rest shared", () => {
  assert.equal(systemAt(plan, 0), plan.base);
  assert.equal(systemAt(plan, 1).duration, 20);
  const patched = systemAt(plan, 2);
  assert.deepEqual(
    patched.walkers.map((walker) => walker.pages),
    [1, 8],
  );
  assert.equal(patched.walkers[0], plan.base.walkers[0]);
  assert.equal(plan.base.walkers[1]?.pages, 2);
});

it("a point or patch that is not there is named", () => {
  assert.throws(() => systemAt(plan, 4), /a point from 0 to 3 of `which`, got `4`/);
  assert.throws(() => systemAt(plan, 3), /leads nowhere: `nowhere.pages`/);
});

it("points are found by the labels in which they differ", () => {
  assert.deepEqual(labelsAt(plan, 2), {policy: "b", pages: "8"});
  assert.equal(pointText(plan, 2), "policy: b, pages: 8");
  assert.equal(pointWith(plan, 2, {policy: "a"}), 3);
  assert.equal(pointWith(plan, 2, {policy: "a", pages: "1"}), 0);
  assert.equal(pointWith(plan, 0, {policy: "c"}), undefined);
  assert.equal(pointWith(plan, 0, {speed: "1"}), undefined);
});

it("the hash depends on content, not on the order of keys", () => {
  const {name, ...rest} = plan;
  assert.equal(planHash({...rest, name}), planHash(plan));
  assert.notEqual(planHash({...plan, name: "other"}), planHash(plan));
  assert.equal(planHash(JSON.parse(canonicalJson(plan)) as Plan), planHash(plan));
  assert.equal(
    canonicalJson({b: [1, -0, 1e21], a: "é\n", c: undefined}),
    '{"a":"é\\n","b":[1,0,1e+21]}',
  );
  assert.throws(() => canonicalJson({a: Number.NaN}), /finite numbers, got `NaN`/);
});

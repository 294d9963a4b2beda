import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {it} from "node:test";
import fc from "fast-check";
import {checkText, startingEnvironment} from "../lang/check.ts";
import {planExperiment} from "../lang/plan-command.ts";
import {decodePlan} from "./decode-plan.ts";
import {canonicalJson, planHash} from "./hash.ts";

const folder = new URL("../../../grammar/conformance/valid/", import.meta.url);

function stored(): string {
  let environment = startingEnvironment();
  for (const name of ["lab-machine", "policy-variants", "paired-comparison"]) {
    const text = readFileSync(new URL(`${name}.quiesce`, folder), "utf8");
    ({environment} = checkText({name, text}, environment));
  }
  const extra =
    "experiment e from which { policy: [tracked, hybrid, replace, fence_walkers, targeted_save], with { gup.hold: truncate(exp(1us), hi: 9us) } sweep { readers: [1, 8], machine.tlb: [ipi, invlpgb] } }";
  const checked = checkText({name: "e", text: extra}, environment);
  const {planned} = planExperiment(checked.environment, "e");
  assert.ok(planned, JSON.stringify(checked.diagnostics.map((one) => one.message)));
  return canonicalJson(planned.plan);
}

const json = stored();

it("a stored plan comes back as it was", () => {
  const plan = decodePlan(JSON.parse(json));
  assert.equal(plan.points.length, 20);
  assert.equal(canonicalJson(plan), json);
  assert.equal(planHash(plan), planHash(JSON.parse(json)));
});

function refusal(change: (plan: Record<string, never>) => void): string {
  const plan = JSON.parse(json);
  change(plan);
  try {
    decodePlan(plan);
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
}

it("what is wrong is said with its place", () => {
  const set = (path: string, value: unknown) => (plan: unknown) => {
    const keys = path.split(".");
    let at = plan as Record<string, unknown>;
    for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
    at[keys.at(-1) as string] = value;
  };
  assert.equal(refusal(set("format", 2)), "Expected `plan.format` to be 1, got 2");
  assert.equal(
    refusal(set("base.machine.tlb", "magic")),
    'Expected `plan.base.machine.tlb` to be one of ipi, invlpgb, tlbi, hypercall, got "magic"',
  );
  assert.equal(
    refusal(set("base.walkers.0.pages", 0)),
    "Expected `plan.base.walkers[0].pages` to be a number in 1.., got 0",
  );
  assert.match(
    refusal(set("base.machine.costs.mb", undefined)),
    /costs\.mb` to be an object, got nothing/,
  );
  assert.match(refusal(set("base.speed", 1)), /`plan\.base\.speed` to be absent/);
  assert.match(refusal(set("base.writers.0.policy", "gone")), /refers to the policy `gone`/);
  assert.match(
    refusal(set("points.0.at.0", 9)),
    /`plan\.points\[0\]\.at\[0\]` to be below 5, got 9/,
  );
  assert.match(refusal(set("points.1.patches.0.path", ["nowhere", "at"])), /leads nowhere|absent/);
});

it("damaged data is refused or decoded, never a crash of another kind", () => {
  const leaves: (readonly (string | number)[])[] = [];
  const visit = (value: unknown, path: readonly (string | number)[]): void => {
    if (typeof value !== "object" || value === null) leaves.push(path);
    else for (const [key, one] of Object.entries(value)) visit(one, [...path, key]);
  };
  visit(JSON.parse(json), []);
  const junk = fc.oneof(
    fc.constant(null),
    fc.constant("x"),
    fc.constant(-1),
    fc.constant([]),
    fc.constant({}),
  );
  fc.assert(
    fc.property(fc.constantFrom(...leaves), junk, (path, value) => {
      const plan = JSON.parse(json);
      let at = plan;
      for (const key of path.slice(0, -1)) at = at[key];
      at[path.at(-1) as string] = value;
      try {
        decodePlan(plan);
      } catch (error) {
        assert.ok(
          /^Expected|refers to|leads nowhere/.test((error as Error).message),
          String(error),
        );
      }
    }),
    {numRuns: 150},
  );
});

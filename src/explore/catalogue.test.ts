// The catalogue through the language: every check of every text in grammar/catalogue comes out as the text expects.
import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {describe, it} from "node:test";
import {checkText, startingEnvironment} from "../lang/check.ts";
import {planCheckCommand} from "../lang/plan-command.ts";
import {check} from "./check.ts";
import {verdictText} from "./verdict.ts";

const folder = new URL("../../../grammar/catalogue/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".quiesce"));

/** What one model or another says nothing of. */
const exceptions: readonly string[] = [
  // CPUs that come and go are explored where states are kept.
  ..."bcast nomb early all all_mb rcu tracked"
    .split(" ")
    .map((name) => `safety of plug_free: plug_${name}`),
  "safety of plug_whole: plug_nomb",
];

describe("the catalogue", () => {
  it("is there", () => {
    assert.ok(names.length >= 7);
  });

  it("names every hazard and every trap that a text can show", () => {
    const text = names.map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
    const numbers = (pattern: RegExp): Set<number> =>
      new Set(
        [...text.matchAll(pattern)].flatMap((found) =>
          [...found[0].matchAll(/[0-9]+/g)].map(([number]) => Number(number)),
        ),
      );
    const upTo = (most: number): number[] => Array.from({length: most}, (_, i) => i + 1);
    const hazards = numbers(/\bL[0-9]+\b/g);
    assert.deepEqual(
      upTo(16).filter((n) => !hazards.has(n)),
      [],
    );
    // Trap 22 is a verdict that means nothing, which nothing can be expected of: check.test.ts and check-lkmm.test.ts show it.
    const traps = numbers(/\btraps? [0-9]+(?:, [0-9]+)*/gi);
    assert.deepEqual(
      upTo(21).filter((n) => !traps.has(n)),
      [],
    );
  });

  it("gives every policy a verdict in every model", () => {
    const models = new Map<string, Set<string>>();
    for (const name of names) {
      const source = {name, text: readFileSync(new URL(name, folder), "utf8")};
      const {environment, commands} = checkText(source, startingEnvironment());
      for (const command of commands) {
        const {plan} = planCheckCommand(environment, command as never, source);
        for (const {label} of plan?.cases ?? []) {
          const key = `${plan?.property} of ${plan?.scenario}: ${label}`;
          models.set(key, (models.get(key) ?? new Set()).add(plan?.model ?? ""));
        }
      }
    }
    const missing = [...models].filter(([, set]) => set.size < 4).map(([key]) => key);
    assert.deepEqual(missing, exceptions);
    assert.ok(models.size > 150, `${models.size}`);
  });

  for (const name of names) {
    it(`${name}: every verdict is as expected`, () => {
      const source = {name, text: readFileSync(new URL(name, folder), "utf8")};
      const {environment, commands, diagnostics} = checkText(source, startingEnvironment());
      assert.deepEqual(
        diagnostics.filter((one) => one.severity === "error"),
        [],
      );
      const wrong: string[] = [];
      let verdicts = 0;
      for (const command of commands) {
        assert.equal(command.kind, "check");
        const {plan} = planCheckCommand(environment, command as never, source);
        assert.ok(plan !== undefined);
        for (const verdict of check(plan, {answers: false}).verdicts) {
          verdicts++;
          if (verdict.met !== "pass")
            wrong.push(`${verdict.label}: expected ${verdict.expect}: ${verdictText(verdict)}`);
        }
      }
      assert.deepEqual(wrong, []);
      assert.ok(verdicts > 0);
    });
  }
});

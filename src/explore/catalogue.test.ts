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

describe("the catalogue", () => {
  it("is there", () => {
    assert.ok(names.length >= 7);
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

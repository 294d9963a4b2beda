import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {checkText, startingEnvironment} from "./check.ts";
import {showCommand} from "./show.ts";

const environment = startingEnvironment();

/** The value of an expression as `show` prints it, or the codes of what is wrong with it. */
function value(expr: string): string {
  const checked = checkText({name: "cell", text: `let it = ${expr}\nshow it`}, environment);
  const [command] = checked.commands;
  if (command?.kind !== "show") return checked.diagnostics.map((one) => one.code).join(" ");
  const {shown} = showCommand(checked.environment, command, checked.source);
  return shown?.rows[0]?.value ?? "";
}

describe("an expression", () => {
  it("computes with units", () => {
    assert.equal(value("1us + 500ns"), "1.5us");
    assert.equal(value("3 * 1us"), "3us");
    assert.equal(value("40k/s * 10us"), "0.4");
    assert.equal(value("1 / 25us"), "40k/s");
    assert.equal(value("2us / 500ns"), "4");
    assert.equal(value("4KiB * 2"), "8KiB");
    assert.equal(value("5%"), "5%");
    assert.equal(value("(1 + 2) * 3 - -1"), "10");
    assert.equal(value("if 2us > 1us then 1 else 2"), "1");
  });

  it("refuses what has no dimension in common", () => {
    assert.equal(value("1us + 1"), "E303");
    assert.equal(value("1us + 1GHz"), "E303");
    assert.equal(value("1us < 3"), "E309");
    assert.equal(value("not 3"), "E301");
    assert.equal(value("1us and true"), "E301");
  });

  it("shifts and scales distributions", () => {
    assert.equal(value("exp(1us) * 2"), "exp(1us) * 2");
    assert.equal(value("exp(1us) + 500ns"), "exp(1us) + 500ns");
    assert.equal(value("exp(1us) + 5"), "E303");
    assert.equal(value("lognormal(p50: 1us, p99: 6us)"), "lognormal(p50: 1us, p99: 6us)");
    assert.equal(value("exp(rate: 100/s)"), "exp(rate: 100/s)");
    assert.equal(value("mix([50%, 50%], [1us, exp(2us)])"), "mix([0.5, 0.5], [1us, exp(2us)])");
  });

  it("says one thing about one mistake, however it is used", () => {
    assert.equal(value("(1us + 1KiB) * 2 + 3us"), "E303");
    assert.equal(value("exp(nothing) + 2us"), "E201");
    assert.equal(value("lognormal(p50: 1us)"), "E306");
    assert.equal(value("uniform(1us, 2KiB)"), "E303");
    assert.equal(value("choice([1us, 2us], [1])"), "E307");
  });
});

it("a `let` has the type that it states", () => {
  const codes = (text: string): string[] =>
    checkText({name: "cell", text}, environment).diagnostics.map((one) => one.code);
  assert.deepEqual(codes("let a: Duration = 5us"), []);
  assert.deepEqual(codes("let a: Duration = 5"), ["E302"]);
  assert.deepEqual(codes("let a: Int = 2.5"), ["E301"]);
  assert.deepEqual(codes("let a: Dist<Duration> = exp(1us)"), []);
  assert.deepEqual(codes("let a: Durration = 5us"), ["E201"]);
});

const small = fc.integer({min: 1, max: 999});
const unit = fc.constantFrom("ns", "us", "ms");
const quantity = fc.tuple(small, unit).map(([n, u]) => `${n}${u}`);

it("addition of durations commutes, and comparison agrees with subtraction", () => {
  fc.assert(
    fc.property(quantity, quantity, (a, b) => {
      assert.equal(value(`${a} + ${b}`), value(`${b} + ${a}`));
      assert.equal(value(`${a} < ${b}`), value(`${a} - ${b} < 0ns`));
    }),
    {numRuns: 40},
  );
});

it("a quantity that is shown reads back as itself", () => {
  fc.assert(
    fc.property(quantity, small, (a, n) => {
      const shown = value(`${a} * ${n}`);
      assert.equal(value(shown), shown);
    }),
    {numRuns: 40},
  );
});

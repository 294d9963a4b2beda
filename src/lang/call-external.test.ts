import assert from "node:assert/strict";
import {it} from "node:test";
import {checkText, startingEnvironment} from "./check.ts";
import type {FileReader} from "./file-reader.ts";

const reader = (values: Readonly<Record<string, string>>): FileReader => ({
  read(path) {
    const text = values[path];
    return text === undefined ? {failure: "no such variable"} : {path, text, sha256: "00"};
  },
});
const check = (text: string, values: Readonly<Record<string, string>>): string[] =>
  checkText({name: "cell [1]", text}, startingEnvironment(reader(values))).diagnostics.map(
    ({code, message}) => `${code} ${message}`,
  );

it("takes numbers, quantities, lists and truth from TypeScript", () => {
  const values = {"ts:n": "3", "ts:gap": "8us", "ts:gaps": "1us\n2us\n", "ts:on": "true"};
  const text = [
    'let n = ts("n")',
    'let gap = ts("gap") + 1us',
    'let gaps = ts("gaps")',
    'let wait = ts("n", unit: us) + 1us',
    'let on = if ts("on") then 1us else 2us',
  ].join("\n");
  assert.deepEqual(check(text, values), []);
});

it("takes literals only, and says what else it found", () => {
  const values = {"ts:evil": "1\nrun x", "ts:call": "exp(1us)", "ts:odd": "}{", "ts:gap": "8us"};
  const first = (text: string): string => check(text, values)[0] ?? "";
  for (const name of ["evil", "call", "odd"]) {
    assert.equal(
      first(`let x = ts("${name}")`),
      `E308 \`${name}\` holds no value that Quiesce has`,
    );
  }
  assert.equal(first('let x = ts("missing")'), "E308 cannot read `missing`");
  assert.equal(first('let x = ts("gap", unit: us)'), "E308 `gap` has a unit already");
  assert.equal(first('let x = ts("gap", unit: parsec)'), "E308 unknown unit `parsec`");
  assert.equal(first("let x = ts(3)"), "E308 `ts` takes the name of a variable as a string");
  const alone = checkText({name: "file", text: 'let x = ts("gap")'}, startingEnvironment());
  assert.match(alone.diagnostics[0]?.primary.text ?? "", /no TypeScript cells here/);
});

it("checks the dimension as that of any value", () => {
  assert.match(check('let x = ts("n") + 1us', {"ts:n": "3"})[0] ?? "", /^E30[139] /);
});

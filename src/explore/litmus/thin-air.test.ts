import assert from "node:assert/strict";
import {it} from "node:test";
import {evaluateLitmus} from "./evaluate-litmus.ts";
import {explainWitness} from "./explain-witness.ts";
import {readLitmus} from "./read-litmus.ts";

/** Two threads, each of which does `body` with the variables the other way round. */
const twice = (body: string): string => {
  const other = body.replace(/[xy]/g, (name) => (name === "x" ? "y" : "x"));
  return `P0(int *x, int *y) { ${body} }\nP1(int *x, int *y) { ${other} }`;
};

function observed(threads: string, condition: string, model: "sc" | "lkmm" = "lkmm"): string {
  return evaluateLitmus(readLitmus(`C t {}\n${threads}\nexists (${condition})`), model).observation;
}

it("lets copies by plain accesses hand round any value, and by marked ones none", () => {
  assert.equal(observed(twice("int r = *x; *y = r;"), "0:r=42"), "Sometimes");
  assert.equal(observed(twice("*y = *x;"), "x=42"), "Sometimes");
  assert.equal(observed(twice("int r = READ_ONCE(*x); *y = r;"), "0:r=42"), "Sometimes");
  assert.equal(observed(twice("int r = READ_ONCE(*x); WRITE_ONCE(*y, r);"), "0:r=42"), "Never");
  assert.equal(observed(twice("int r = *x; *y = r;"), "0:r=42", "sc"), "Never");
});

it("lets plain stores be done because of each other, and marked ones not", () => {
  assert.equal(observed(twice("int r = *x; if (r == 7) *y = 7;"), "0:r=7 /\\ 1:r=7"), "Sometimes");
  const marked = twice("int r = READ_ONCE(*x); if (r == 7) WRITE_ONCE(*y, 7);");
  assert.equal(observed(marked, "0:r=7"), "Never");
  assert.equal(observed(`${marked}\nP2(int *z) { *z = 7; }`, "0:r=7"), "Never");
});

it("makes no value of a computation that changes it", () => {
  assert.equal(observed(twice("int r = *x; *y = r + 1;"), "0:r=42"), "Never");
  assert.equal(observed(twice("int r = *x; *y = r + 1;"), "0:r=1 /\\ 1:r=0"), "Sometimes");
});

it("says that a witness hands values round", () => {
  const test = readLitmus(`C t {}\n${twice("int r = *x; *y = r;")}\nexists (0:r=42)`);
  assert.match(explainWitness(test, evaluateLitmus(test)).at(-1) ?? "", /out of thin air/);
  const plain = readLitmus(`C t {}\n${twice("int r = *x; *y = 1;")}\nexists (0:r=1)`);
  assert.doesNotMatch(explainWitness(plain, evaluateLitmus(plain)).join(), /thin air/);
});

it("says where it tries no values because the test mentions too many", () => {
  const many = Array.from({length: 12}, (_, i) => `WRITE_ONCE(*z, ${100 + i});`).join(" ");
  const text = (body: string): string =>
    `C t {}\n${twice(body)}\nP2(int *z) { ${many} }\nexists (0:r=42)`;
  const last = (body: string): string => {
    const test = readLitmus(text(body));
    return explainWitness(test, evaluateLitmus(test)).at(-1) ?? "";
  };
  assert.match(last("int r = *x; *y = r;"), /^The test mentions more than 12 numbers/);
  assert.equal(last("int r = READ_ONCE(*x); WRITE_ONCE(*y, r);"), "");
});

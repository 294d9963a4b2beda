import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {join, resolve} from "node:path";
import {describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {Walk} from "../../grammar/automaton.ts";
import {lex} from "../../grammar/lexer.ts";
import {BadQuantity} from "../../grammar/tokens.ts";
import {complete} from "./complete.ts";
import type {CompletionScope} from "./completion-scope.ts";
import {isComplete} from "./is-complete.ts";
import {parse} from "./parse.ts";

const context = `mm app { cpus: all }
policy mine { }
scenario host {
  machine: flat_4
  param gap: Duration = 1us
  walker gup { mm: app, every: gap }
}
experiment study {
  scenario: host
  measure { slow: p99(gup.latency) }
}
`;

// What is offered at the `|`, in order.
function offered(notation: string, scope?: CompletionScope): string[] {
  const text = context + notation;
  const offset = text.indexOf("|");
  return complete(text.replace("|", ""), offset, scope).candidates.map((one) => one.text);
}

function assertOffers(notation: string, ...wanted: string[]): void {
  const found = offered(notation);
  assert.deepEqual(found.slice(0, wanted.length), wanted, `${notation}: ${found.join(" ")}`);
}

describe("completion", () => {
  it("starts an item with a declaration or a command", () => {
    assertOffers("|", "experiment", "scenario", "policy", "machine");
    assert.deepEqual(offered("wal|"), ["walker"]);
    assert.deepEqual(offered("ex|"), ["experiment", "export"]);
  });

  it("offers the fields of the owner that are not set yet, required ones first", () => {
    assertOffers("walker w { |", "mm", "every", "rate", "think");
    assertOffers("walker w { mm: app, every: 1us, |", "on", "hold");
    assert.ok(!offered("walker w { every: 1us, |").includes("rate"));
    assert.deepEqual(offered("table slow of study { so|"), ["sort"]);
  });

  it("offers the names of the kind that the field refers to", () => {
    assert.deepEqual(offered("walker w { mm: |"), ["app"]);
    assert.deepEqual(offered("experiment e { policy: [|"), ["mine"]);
    assert.deepEqual(offered("run |"), ["study"]);
    assert.deepEqual(offered("check safety of |"), ["host"]);
    assert.deepEqual(offered("scenario other from |"), ["host"]);
  });

  it("offers enumerators", () => {
    assert.deepEqual(offered("writer w { kind: |"), ["free", "unshare", "collapse"]);
    assert.deepEqual(offered("machine m { tlb: inv|"), ["invlpgb"]);
    assertOffers("plot slow as |", "auto", "line");
    assert.deepEqual(offered("check safety of host under t|"), ["tso"]);
  });

  it("offers distributions and, behind digits, the units that fit", () => {
    assertOffers("walker w { hold: |", "exp(", "lognormal(p50: ");
    assertOffers("walker w { hold: 5|", "ns", "us", "ms", "s");
    assert.deepEqual(offered("walker w { hold: 5u|"), ["us"]);
    assert.ok(!offered("walker w { hold: 5|").includes("GHz"));
    assert.deepEqual(offered("machine m { clock: 2.7G|"), ["GHz"]);
  });

  it("offers metrics and fields behind a dot", () => {
    assertOffers("experiment e from study { expect p99(gup.|", "latency", "overhead", "blocked");
    assertOffers("experiment e from study { with { gup.|", "mm", "on", "every");
    assert.deepEqual(offered("costs c { ipi.deliver.|"), [
      "same_core",
      "same_socket",
      "cross_socket",
    ]);
  });

  it("offers what can be swept and measured, what is inherited included", () => {
    assertOffers("experiment e from study { sweep { |", "gap", "policy");
    assertOffers("experiment e from study { expect |", "slow", "mean(", "p50(");
    assertOffers("experiment e from study { expect slow[|", "policy: ", "gap: ");
  });

  it("offers in a hook the steps that are legal there", () => {
    const enter = offered("policy p { on enter { |");
    assert.ok(enter.includes("store") && enter.includes("abort"));
    assert.ok(!enter.includes("wait gp") && !enter.includes("lock"));
    assert.ok(offered("policy p { on sync { |").includes("wait gp"));
    assert.deepEqual(offered("policy p { on |"), ["enter", "exit", "op", "sync", "ipi"]);
    assert.deepEqual(offered("policy p { state percpu seen = 1 on sync { store |"), ["seen"]);
  });

  it("takes names from the scope around, behind those of the text", () => {
    const scope: CompletionScope = {
      names: () => [{name: "rcu_sync", kind: "policy", detail: "prelude"}],
      members: () => [],
    };
    assert.deepEqual(offered("experiment e { policy: |", scope), ["mine", "rcu_sync"]);
  });

  it("goes on behind a mistake further up in the item", () => {
    assertOffers("walker w {\n  every 5us\n  |", "mm");
    assert.deepEqual(offered("experiment e {\n  expect <\n  walker w { mm: |"), ["app"]);
    assert.deepEqual(offered("experiment e {\n  walker v { hold 5 us }\n  policy: |"), ["mine"]);
    assert.deepEqual(offered("walker w { every 5us, kin|"), []);
  });

  it("offers nothing in comments and quotes", () => {
    for (const text of ["# wal|", "/// wal|", 'export "wal|', "/* wal|"])
      assert.deepEqual(offered(text), [], text);
  });

  it("offers only what lets the parse go on, at every word of every valid program", () => {
    const folder = resolve(fileURLToPath(import.meta.url), "../../../../grammar/conformance/valid");
    let places = 0;
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".quiesce"))) {
      const text = readFileSync(join(folder, name), "utf8");
      const {tokens} = lex(text);
      for (let i = 0; i < tokens.length; i += 3) {
        const offset = tokens[i]?.startOffset as number;
        const {start, candidates} = complete(text.slice(0, offset), offset);
        const walk = new Walk();
        const before = lex(text.slice(0, start)).tokens;
        assert.ok(before.every(({tokenType}) => walk.read(tokenType)));
        // A unit joins the number before it; the next test is for those.
        for (const candidate of candidates.filter(({kind}) => kind !== "unit")) {
          const further = walk.fork();
          const read = lex(candidate.text).tokens.every(({tokenType}) => further.read(tokenType));
          assert.ok(read, `${name}: ${text.slice(0, start).slice(-60)}|${candidate.text}`);
        }
        places++;
      }
    }
    assert.ok(places > 500);
  });

  it("offers units that make a number whole", () => {
    for (const {text} of complete("let x = 5", 9).candidates) {
      const [last] = lex(`5${text}`).tokens;
      assert.notEqual(last?.tokenType, BadQuantity, text);
      assert.deepEqual(parse({name: "a", text: `let x = 5${text}`}).diagnostics, [], text);
    }
  });
});

describe("a cell", () => {
  const status = (text: string) => isComplete(text).status;

  it("is complete if it parses", () => {
    for (const text of ["", "# nothing", "run x", context, "let x = 5qux"])
      assert.equal(status(text), "complete", text);
  });

  it("is incomplete while something is open, with the indentation of its depth", () => {
    assert.deepEqual(isComplete("walker g {"), {status: "incomplete", indent: "  "});
    assert.deepEqual(isComplete("experiment e {\n  sweep {"), {
      status: "incomplete",
      indent: "    ",
    });
    for (const text of ["let x =", "let x = [1,", 'export "a', "/* a", "plot a by"])
      assert.equal(status(text), "incomplete", text);
  });

  it("is invalid if nothing can follow", () => {
    for (const text of ["walker g }", "let = ", "run x )", 'export "a\nrun x', "\0"])
      assert.equal(status(text), "invalid", text);
  });

  it("is incomplete at every prefix of a program that stops between tokens, or complete", () => {
    for (const {startOffset} of lex(context).tokens)
      assert.notEqual(status(context.slice(0, startOffset)), "invalid");
  });
});

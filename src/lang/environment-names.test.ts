import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {cpuFunctions, cpuNames} from "./call-cpus.ts";
import {aggregators} from "./call-measure.ts";
import {checkText, startingEnvironment} from "./check.ts";
import {complete} from "./complete.ts";
import {namesIn} from "./environment-names.ts";
import {aggregatorWords, cpuWords} from "./value-words.ts";

const first = checkText(
  {
    name: "cell [1]",
    text: `/// A host.
scenario host {
  machine: flat_4
  param gap: Duration = 1us
  mm app { cpus: all }
  walker gup { mm: app, every: gap, hold: 1us }
  writer thp { mm: app, every: 1ms, kind: free }
}
experiment study { scenario: host, policy: none, measure { slow: p99(gup.latency) } }
`,
  },
  startingEnvironment(),
);

const offered = (text: string) =>
  complete(text, text.length, namesIn(first.environment)).candidates;
const texts = (text: string) => offered(text).map((candidate) => candidate.text);

describe("completion in a session", () => {
  it("offers what earlier cells declared, with where and what it is", () => {
    assert.deepEqual(first.diagnostics, []);
    const [host] = offered("check safety of ");
    assert.deepEqual(host, {text: "host", kind: "scenario", detail: "cell [1]", doc: "A host."});
    assert.deepEqual(texts("run "), ["study"]);
  });

  it("offers the prelude's policies and machines", () => {
    assert.ok(texts("experiment e { policy: broad").includes("broadcast_ipi"));
    assert.ok(texts("machine m from ").includes("flat_4"));
  });

  it("offers what an experiment inherits from the scenario of another cell", () => {
    assert.ok(texts("experiment e from study { sweep { ").includes("gap"));
    assert.ok(texts("experiment e from study { expect ").includes("slow"));
    assert.ok(texts("experiment e from study { measure { x: p99(thp.").includes("sync"));
  });
});

describe("the words of values", () => {
  it("are words that the evaluator knows", () => {
    assert.deepEqual(
      aggregatorWords.map(({name}) => name).filter((name) => !aggregators.has(name)),
      [],
    );
    assert.deepEqual(
      cpuWords
        .map(({name}) => name)
        .filter(
          (name) => !cpuFunctions.has(name) && !(cpuNames as readonly string[]).includes(name),
        ),
      [],
    );
  });
});

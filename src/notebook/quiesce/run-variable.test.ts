// The result of a run in TypeScript cells: typed by the package's own declarations, read by tslab's old compiler.
import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {syntheticRun} from "../../table/synthetic-run.contract.ts";
import type {Bundle} from "../display/bundle.ts";
import {createCharts} from "../display/charts.ts";
import {sharedState, word} from "../io/shared-state.ts";
import type {Cell} from "../kernel/cell.ts";
import type {Outcome} from "../kernel/evaluator.ts";
import {type Language, startLanguage} from "../typescript/language.ts";
import {createTypeScriptCells, type TypeScriptCells} from "../typescript/typescript-cells.ts";
import {runVariable, runVariableType} from "./run-variable.ts";

describe("the variable of a run", () => {
  // A folder without any package: types and values are found all the same.
  const folder = mkdtempSync(join(tmpdir(), "quiesce-variable-"));
  const home = process.cwd();
  const shown: Bundle[] = [];
  let language: Language;
  let cells: TypeScriptCells;
  let serial = 0;
  before(() => {
    process.chdir(folder);
    language = startLanguage();
    const {words} = sharedState();
    const charts = createCharts("static", (_, bundle) => shown.push(bundle));
    cells = createTypeScriptCells(
      language,
      words,
      [],
      (bundle) => shown.push(bundle),
      charts,
      () => {
        // Nobody sends signals here, and nobody is to be waited for.
        words[word.watching] = 0;
      },
    );
  });
  after(async () => {
    await language.close();
    process.chdir(home);
    rmSync(folder, {recursive: true, force: true});
  });
  const run = (source: string): Promise<Outcome> =>
    cells.run(source, {serial: ++serial, number: serial, abort: new AbortController()} as Cell);
  const plain = async (source: string): Promise<unknown> => {
    const outcome = await run(source);
    assert.ok(outcome.ok, outcome.ok ? "" : outcome.failure.traceback.join("\n"));
    return outcome.result?.data["text/plain"];
  };

  it("has tables, plan and verdicts", async () => {
    const result = syntheticRun({policies: ["a", "b"]});
    cells.define("which", runVariableType, runVariable(result));
    assert.equal(await plain("which.runs.numRows()"), String(runVariable(result).runs.numRows()));
    assert.equal(await plain("which.plan.name"), `'${result.plan.name}'`);
    assert.equal(await plain("which.verdicts.length"), String(result.expectations.length));
    assert.match(String(await plain("which.summary.columnNames()")), /'policy'/);
    assert.match(String(await plain("which")), /policy/);
  });

  it("has a type: a wrong property is a compile error", async () => {
    for (const [source, message] of [
      ["which.runz", /Property 'runz' does not exist on type 'RunVariable'/],
      ["which.summary.foo()", /Property 'foo' does not exist on type 'ColumnTable'/],
      [
        "const n: string = which.plan.points.length",
        /Type 'number' is not assignable to type 'string'/,
      ],
      ["which.verdicts[0].outcome === 'passed'", /no overlap|This comparison appears/],
    ] as const) {
      const outcome = await run(source);
      assert.ok(!outcome.ok, `${source} should not compile`);
      assert.match(outcome.failure.evalue, message);
    }
  });

  it("follows a new run, and works with Arquero's own verbs", async () => {
    cells.define("which", runVariableType, runVariable(syntheticRun({policies: ["only"]})));
    const source =
      "import {desc} from 'arquero';\nwhich.estimates.orderby(desc('point')).numRows()";
    assert.equal(await plain(source), "3");
  });

  it("with a name that TypeScript keeps for itself says so and harms nothing", async () => {
    cells.define("class", runVariableType, runVariable(syntheticRun({policies: ["a"]})));
    assert.equal(await plain("40 + 2"), "42");
    assert.match(String(shown.at(-1)?.data["text/plain"]), /class is not available/);
  });
});

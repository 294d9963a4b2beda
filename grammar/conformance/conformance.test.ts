// The language by its cases. `valid/NAME.quiesce` parses without a diagnostic to the tree in `NAME.json`; `invalid/CODE-what.quiesce` gives
// what `CODE-what.expected` says, its first diagnostic being CODE. A case may be a notebook: lines `# -- cell [1] --` start its cells.
// After a wanted change `QUIESCE_UPDATE=1 npm test` writes the golden files anew; their diff is the review.
import assert from "node:assert/strict";
import {existsSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {basename, join, resolve} from "node:path";
import {describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {applyFix} from "../../src/lang/apply-fix.ts";
import {catalogue} from "../../src/lang/catalogue.ts";
import {checkText, startingEnvironment} from "../../src/lang/check.ts";
import type {Diagnostic} from "../../src/lang/diagnostic.ts";
import {parse} from "../../src/lang/parse.ts";
import type {Planned} from "../../src/lang/plan.ts";
import {lowerCommand, planRun} from "../../src/lang/plan-command.ts";
import {renderText} from "../../src/lang/render-text.ts";
import type {Source} from "../../src/lang/syntax.ts";
import {folderReader} from "../../src/session/folder-reader.ts";

const root = resolve(fileURLToPath(import.meta.url), "../../../../grammar/conformance");
const update = process.env.QUIESCE_UPDATE === "1";

function cases(folder: string): readonly string[] {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(".quiesce"));
  assert.ok(names.length > 5, `no cases in ${folder}`);
  return names.map((name) => join(root, folder, name)).toSorted();
}

function golden(path: string, actual: string): void {
  if (update || !existsSync(path)) {
    assert.ok(update, `${path} is missing; QUIESCE_UPDATE=1 writes it`);
    writeFileSync(path, actual);
  }
  assert.equal(actual, readFileSync(path, "utf8"));
}

function sourcesOf(path: string): readonly Source[] {
  const text = readFileSync(path, "utf8");
  const heads = [...text.matchAll(/^# -- (cell \[\d+\]).*$/gm)];
  if (heads.length === 0) return [{name: basename(path), text}];
  return heads.map((head, i) => ({
    name: head[1] as string,
    text: text.slice(head.index + head[0].length + 1, heads[i + 1]?.index),
  }));
}

// What a user would be told about the sources, executed in order as the cells of one session: files are read from the folder of the
// cases, runs are planned but not run, and what follows a run is lowered against its plan.
function diagnosticsOf(path: string): readonly (readonly Diagnostic[])[] {
  let environment = startingEnvironment(folderReader(join(root, "invalid")));
  const ran = new Map<string, {planned: Planned; ranIn: string}>();
  return sourcesOf(path).map((source) => {
    const checked = checkText(source, environment);
    environment = checked.environment;
    const found = [...checked.diagnostics];
    for (const command of checked.commands) {
      if (command.kind === "run") {
        const {planned} = planRun(environment, command, source);
        for (const one of planned) {
          ran.set(one.plan.name, {planned: one, ranIn: source.name});
          environment = {...environment, latest: one.plan.name};
        }
      } else if (command.kind === "table" || command.kind === "plot") {
        const of = ran.get(command.of?.names.at(-1)?.text ?? environment.latest ?? "");
        if (of !== undefined)
          found.push(...lowerCommand(of, command, source, environment).diagnostics);
      }
    }
    return found;
  });
}

describe("a valid program", () => {
  for (const path of cases("valid")) {
    it(`${basename(path)} parses to its tree`, () => {
      const {program, diagnostics} = parse({
        name: basename(path),
        text: readFileSync(path, "utf8"),
      });
      assert.deepEqual(diagnostics.map(renderOne), []);
      const tree = JSON.stringify(program.items, compact, 1);
      golden(path.replace(/\.quiesce$/, ".json"), `${joined(tree)}\n`);
    });
  }
});

describe("an invalid program", () => {
  for (const path of cases("invalid")) {
    const code = basename(path).slice(0, 4);
    it(`${basename(path)} is explained`, () => {
      // An earlier cell may have to fail for a later one to be told so.
      const cells = diagnosticsOf(path).filter((cell) => cell.length > 0);
      const diagnostics = cells.flat();
      assert.equal(cells.at(-1)?.[0]?.code, code);
      const text = diagnostics.map((one) => renderText(one)).join("\n\n");
      golden(path.replace(/\.quiesce$/, ".expected"), `${text}\n`);
    });
  }

  it("loses its syntax fault when a machine-applicable fix is applied", () => {
    let applied = 0;
    for (const path of cases("invalid").filter((name) => basename(name).startsWith("E1"))) {
      const text = readFileSync(path, "utf8");
      const [first] = parse({name: "case", text}).diagnostics;
      for (const fix of first?.fixes.filter((one) => one.applicability === "machine") ?? []) {
        const {diagnostics} = parse({name: "case", text: applyFix(text, fix)});
        assert.deepEqual(diagnostics.map(renderOne), [], `${basename(path)}: ${fix.title}`);
        applied++;
      }
    }
    assert.ok(applied >= 8, `only ${applied} fixes were tried`);
  });

  it("can have no code that is not in the catalogue", () => {
    const folder = resolve(root, "../../src/lang");
    const known = new Set(catalogue.map(({code}) => code));
    const sources = readdirSync(folder, {recursive: true, encoding: "utf8"}).filter(
      (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
    );
    const told = new Set(
      sources.flatMap((name) =>
        [...readFileSync(join(folder, name), "utf8").matchAll(/"([EW]\d{3})"/g)].map(
          ([, code]) => code as string,
        ),
      ),
    );
    assert.ok(told.size > 50);
    assert.deepEqual([...told].filter((code) => !known.has(code)).toSorted(), []);
    assert.equal(known.size, catalogue.length, "a code stands twice in the catalogue");
  });

  it("stands for every code of the catalogue", () => {
    const shown = new Set(cases("invalid").map((path) => basename(path).slice(0, 4)));
    assert.deepEqual(
      // E500 tells of a fault of ours: a text that gives it is a bug to mend, not a case to keep.
      catalogue.map(({code}) => code).filter((code) => !shown.has(code) && code !== "E500"),
      [],
    );
  });
});

function renderOne(diagnostic: Diagnostic): string {
  return renderText(diagnostic);
}

// A span in one pair, so that the tree stays readable.
function compact(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("start" in value)) return value;
  const {start, end, ...rest} = value as {start: number; end: number};
  return {at: `${start}..${end}`, ...rest};
}

// Objects that hold nothing but plain values on one line.
function joined(json: string): string {
  return json.replace(
    /\{\n\s+("[^{}[\]]*?)\n\s*\}/g,
    (_, inner: string) => `{${inner.replace(/\n\s*/g, " ")}}`,
  );
}

import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {join, resolve} from "node:path";
import {describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import fc from "fast-check";
import {lex} from "../../grammar/lexer.ts";
import {displayWidth} from "./display-width.ts";
import {format, lineWidth} from "./format.ts";
import {parse} from "./parse.ts";

const grammar = resolve(fileURLToPath(import.meta.url), "../../../../grammar");
const programs = [join(grammar, "conformance/valid"), join(grammar, "prelude")].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".quiesce"))
    .map((name) => readFileSync(join(folder, name), "utf8")),
);

// The tree without its positions.
function meaning(text: string): unknown {
  const {program, diagnostics} = parse({name: "a", text});
  assert.deepEqual(diagnostics, [], text);
  return JSON.parse(
    JSON.stringify(program.items, (key, value) =>
      ["start", "end", "word", "opSpan"].includes(key) ? undefined : value,
    ),
  );
}

const words = (text: string): string[] => {
  const {tokens, comments, docs} = lex(text);
  return [...tokens, ...comments, ...docs].map(({image}) => image.trim()).toSorted();
};

function assertLaws(text: string): void {
  const once = format(text);
  assert.equal(format(once), once, `not idempotent:\n${once}\n---\n${format(once)}`);
  assert.deepEqual(meaning(once), meaning(text));
  assert.deepEqual(words(once), words(text));
  for (const line of once.split("\n")) assert.equal(line, line.trimEnd());
}

describe("the formatter", () => {
  it("keeps every valid program's meaning, tokens and comments, and its own result", () => {
    assert.ok(programs.length > 10);
    for (const text of programs) assertLaws(text);
  });

  it("does so for every program however it is spaced", () => {
    const spaces = fc.array(fc.constantFrom(" ", "  ", "\n", "\n\n\n", "\t", "\n    "), {
      minLength: 64,
      maxLength: 64,
    });
    fc.assert(
      fc.property(fc.constantFrom(...programs), spaces, fc.nat(), (text, between, seed) => {
        const {tokens, comments, docs} = lex(text);
        const pieces = [...tokens, ...comments, ...docs].sort(
          (a, b) => a.startOffset - b.startOffset,
        );
        let at = seed;
        const spaced = pieces.map(({image, tokenType}) => {
          at = (at * 31 + 7) % 1009;
          const space = between[at % between.length] as string;
          const ends = tokenType.name === "LineComment" || tokenType.name === "DocComment";
          return image + (ends ? `\n${space}` : space);
        });
        assertLaws(spaced.join(""));
      }),
      {numRuns: 150},
    );
  });

  it("writes the house style", () => {
    assert.equal(
      format("walker   gup{mm :app ,every:exp( 10us )}\n\n\n\nrun  x\n"),
      "walker gup { mm: app, every: exp(10us) }\n\nrun x\n",
    );
    assert.equal(format("let x=-  1+f (a,b) [ 2 ] . g"), "let x = -1 + f(a, b)[2].g\n");
    assert.equal(
      format("let x : List < Range<Int> > = 0 .. 15"),
      "let x: List<Range<Int>> = 0..15\n",
    );
    assert.equal(format("run a run b"), "run a\nrun b\n");
    assert.equal(format(""), "");
  });

  it("breaks a block on one line that does not fit, members apart", () => {
    const field = "hold: lognormal(p50: 1us, p99: 6us)";
    const text = format(
      `walker gup { mm: app, every: exp(10us), ${field}, protect: irq, pages: 16 }`,
    );
    assert.equal(
      text,
      `walker gup {\n  mm: app,\n  every: exp(10us),\n  ${field},\n  protect: irq,\n  pages: 16\n}\n`,
    );
    for (const line of text.split("\n")) assert.ok(displayWidth(line) <= lineWidth);
  });

  it("keeps comments behind code in one column of their block", () => {
    assert.equal(
      format("mm a { # x\n cpus: all # y\n lazy: 2, shares: b   // z\n /* w */\n}"),
      "mm a {  # x\n  cpus: all           # y\n  lazy: 2, shares: b  // z\n  /* w */\n}\n",
    );
  });

  it("gives back a text that does not parse", () => {
    for (const text of ["walker {", '"', "/* x", "let x = 5 6"]) assert.equal(format(text), text);
  });
});

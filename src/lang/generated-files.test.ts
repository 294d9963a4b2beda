import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {join, resolve} from "node:path";
import {describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {lex} from "../../grammar/lexer.ts";
import {schema} from "../../grammar/schema.ts";
import {hardWords, softWords} from "../../grammar/tokens.ts";
import {stepTable} from "../plan/steps.ts";
import {catalogue} from "./catalogue.ts";
import {format} from "./format.ts";
import {generatedFiles} from "./generated-files.ts";
import {parse} from "./parse.ts";

const root = resolve(fileURLToPath(import.meta.url), "../../../..");
const files = generatedFiles();
const valid = join(root, "grammar/conformance/valid");
const programs = readdirSync(valid)
  .filter((name) => name.endsWith(".quiesce"))
  .map((name) => readFileSync(join(valid, name), "utf8"));

describe("the generated files", () => {
  it("are what the tables give; if not, `npm run grammar` and review the difference", () => {
    const folder = join(root, "grammar/generated");
    for (const [name, text] of Object.entries(files))
      assert.equal(readFileSync(join(folder, name), "utf8"), text, name);
    assert.deepEqual(readdirSync(folder).toSorted(), Object.keys(files).toSorted());
  });

  it("hold diagrams that need no network", () => {
    const page = files["railroad.html"] as string;
    assert.doesNotMatch(page, /(?:src|href)=["']?https?:/);
    assert.match(page, /"name":\s*"experimentMember"/);
  });

  it("hold an EBNF that defines every name it uses", () => {
    const text = files["quiesce.ebnf"] as string;
    const defined = new Set([...text.matchAll(/^(\w+) +=/gm)].map(([, name]) => name));
    const bare = text.replace(/\? .* \?/g, "").replace(/"[^"]*"/g, "");
    const used = new Set([...bare.matchAll(/\b[A-Za-z]\w*/g)].map(([name]) => name));
    assert.deepEqual(
      [...used].filter((name) => !defined.has(name)),
      [],
    );
    assert.ok(defined.size > 60);
  });

  it("hold a reference that names every field, step and code, and whose programs parse", () => {
    const text = files["reference.md"] as string;
    for (const {name} of schema) assert.ok(text.includes(`\`${name}\``), name);
    for (const {word} of stepTable) assert.ok(text.includes(`\`${word}`), word);
    for (const {code} of catalogue) assert.ok(text.includes(`| ${code} |`), code);
    assert.doesNotMatch(text, /^@/m);
    const blocks = [...text.matchAll(/^```quiesce\n(.*?)^```$/gms)].map(
      ([, block]) => block as string,
    );
    assert.ok(blocks.length >= 6);
    for (const block of blocks) {
      assert.deepEqual(
        parse({name: "reference", text: block}).diagnostics.map(({message}) => message),
        [],
        block,
      );
      assert.equal(format(block), block);
    }
  });
});

interface Pattern {
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly patterns?: readonly Pattern[];
}

describe("the TextMate grammar", () => {
  it("has expressions that compile and words that are all covered", () => {
    const grammar = JSON.parse(files["quiesce.tmLanguage.json"] as string) as {
      patterns: readonly Pattern[];
    };
    const expressions = grammar.patterns.flatMap(({match, begin, end}) =>
      [match, begin, end].filter((one) => one !== undefined),
    );
    for (const one of expressions) assert.ok(new RegExp(one), one);
    for (const word of [...hardWords, ...softWords])
      assert.ok(
        grammar.patterns.some(
          ({match}) => match?.startsWith("\\b(?:") && new RegExp(`^(?:${match})$`).test(word),
        ),
        word,
      );
  });
});

interface Stream {
  readonly string: string;
  pos: number;
}

interface Mode {
  startState(): object;
  token(stream: object, state: object): string | null;
}

// The part of CodeMirror's StringStream that a mode uses.
function stream(line: string) {
  const self: Stream = {string: line, pos: 0};
  return Object.assign(self, {
    eatSpace: () => {
      const start = self.pos;
      while (/\s/.test(line[self.pos] ?? "")) self.pos++;
      return self.pos > start;
    },
    match: (pattern: RegExp, consume = true) => {
      const found = pattern.exec(line.slice(self.pos));
      if (found !== null && found.index === 0 && consume) self.pos += found[0].length;
      return found?.index === 0 ? found : null;
    },
    skipToEnd: () => {
      self.pos = line.length;
    },
    next: () => line[self.pos++],
  });
}

describe("the CodeMirror mode", () => {
  it("sees numbers, texts and comments where the lexer sees them, in every valid program", async () => {
    const source = files["quiesce.codemirror.js"] as string;
    const url = `data:text/javascript;base64,${Buffer.from(source).toString("base64")}`;
    const {quiesce: mode} = (await import(url)) as {quiesce: Mode};
    let seen = 0;
    for (const text of programs) {
      const state = mode.startState();
      const found = new Map<number, string | null>();
      let offset = 0;
      for (const line of text.split("\n")) {
        const input = stream(line);
        while (input.pos < line.length) {
          const start = input.pos;
          const style = mode.token(input, state);
          assert.ok(input.pos > start, "the mode must move on");
          found.set(offset + start, style);
        }
        offset += line.length + 1;
      }
      const {tokens, comments, docs} = lex(text);
      for (const {startOffset} of [...comments, ...docs])
        assert.equal(found.get(startOffset), "comment");
      for (const {startOffset, image} of tokens) {
        if (/^\d/.test(image)) assert.equal(found.get(startOffset), "number", image);
        if (image.startsWith('"')) assert.equal(found.get(startOffset), "string", image);
        if (image === "collapse" || image === "p99") assert.ok(found.has(startOffset), image);
        seen++;
      }
    }
    assert.ok(seen > 2000);
  });
});

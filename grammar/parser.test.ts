import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {Lexer, type TokenType} from "chevrotain";
import {Walk} from "./automaton.ts";
import {lex} from "./lexer.ts";
import {QuiesceParser} from "./parser.ts";
import {hardWords, softWords, vocabulary} from "./tokens.ts";

const kinds = (text: string): string =>
  lex(text)
    .tokens.map(({tokenType, image}) => `${tokenType.name}:${image}`)
    .join(" ");

describe("the vocabulary", () => {
  it("has no token that another hides", () => {
    const lexer = new Lexer(vocabulary as TokenType[], {
      ensureOptimizations: true,
      positionTracking: "onlyOffset",
    });
    assert.deepEqual(lexer.lexerDefinitionErrors, []);
  });

  it("reads a number together with its unit", () => {
    assert.equal(
      kinds("2us 40k/s 1.5M/us 33cyc 5% 2.7GHz 3µs"),
      "QuantityLit:2us RateLit:40k/s RateLit:1.5M/us QuantityLit:33cyc QuantityLit:5% QuantityLit:2.7GHz QuantityLit:3µs",
    );
    assert.equal(
      kinds("1_000 2e3 2.5e-3 1e3us"),
      "IntLit:1_000 FloatLit:2e3 FloatLit:2.5e-3 QuantityLit:1e3us",
    );
    assert.equal(kinds("0..15"), "IntLit:0 DotDot:.. IntLit:15");
    assert.equal(kinds("5usec 2x64"), "BadQuantity:5usec BadQuantity:2x64");
    assert.equal(kinds("10/s 10/size"), "RateLit:10/s IntLit:10 Slash:/ Identifier:size");
  });

  it("reads words whole", () => {
    assert.equal(kinds("with within withal"), "With:with Within:within Identifier:withal");
    assert.equal(kinds("store store_release"), "Store:store StoreRelease:store_release");
  });

  it("gives a token to every text", () => {
    assert.equal(kinds('@ "x'), 'BadText:@ UnterminatedString:"x');
    assert.equal(kinds("\ud800 🦉"), "BadText:\ud800 BadText:🦉");
  });

  it("keeps comments and documentation apart", () => {
    const {comments, docs, tokens} = lex("/// a\n//// b\n# c\n/* d */ x /* e");
    assert.deepEqual(
      docs.map(({image}) => image),
      ["/// a"],
    );
    assert.deepEqual(
      comments.map(({image}) => image),
      ["//// b", "# c", "/* d */", "/* e"],
    );
    assert.equal(tokens.length, 1);
  });

  it("has words that are either hard or soft", () => {
    assert.deepEqual(
      hardWords.filter((word) => (softWords as readonly string[]).includes(word)),
      [],
    );
    assert.equal(new Set([...hardWords, ...softWords]).size, hardWords.length + softWords.length);
  });
});

describe("the grammar", () => {
  it("is LL(2) without ambiguities", () => {
    // Throws, with the ambiguity described, if there is one.
    assert.ok(new QuiesceParser({validate: true}));
  });

  it("has a network that reads every token of a program and knows when it is complete", () => {
    const walk = new Walk();
    for (const {tokenType} of lex("mm a { cpus: all").tokens) assert.ok(walk.read(tokenType));
    assert.equal(walk.complete, false);
    const names = new Set(walk.expected().map(({token}) => token.name));
    assert.ok(
      names.has("RCurly") && names.has("SEPARATOR") && names.has("ADDOP") && names.has("NAME"),
    );
    assert.equal(names.has("LCurly"), false);
    for (const {tokenType} of lex("}").tokens) assert.ok(walk.read(tokenType));
    assert.equal(walk.complete, true);
  });
});

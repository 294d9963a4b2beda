import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {applyMachineFixes} from "./apply-fix.ts";
import type {Diagnostic} from "./diagnostic.ts";
import {displayWidth} from "./display-width.ts";
import {excerpt} from "./excerpt.ts";
import {parse} from "./parse.ts";
import {renderHtml, renderHtmls} from "./render-html.ts";
import {renderJson} from "./render-json.ts";
import {renderText, renderTexts} from "./render-text.ts";

// `a [b] c` is the text `a b c` with a label on `b`.
function marked(notation: string, name = "a.quiesce"): Diagnostic {
  const start = notation.indexOf("[");
  const end = notation.indexOf("]") - 1;
  const text = notation.replace("[", "").replace("]", "");
  const primary = {source: {name, text}, span: {start, end}, text: "here"};
  return {code: "E999", severity: "error", message: "m", primary, secondary: [], fixes: []};
}

const lines = (notation: string, width?: number): string[] =>
  renderText(marked(notation, "a"), width === undefined ? {} : {width})
    .split("\n")
    .slice(1);

describe("the terminal rendering", () => {
  it("puts carets as wide as the culprit under it", () => {
    assert.deepEqual(lines("let [abc] = 1"), ["  a:1:5 | let abc = 1", "        |     ^^^ here"]);
  });

  it("expands tabs and counts wide characters as two columns", () => {
    assert.deepEqual(lines("\t[x]"), ["  a:1:2 |     x", "        |     ^ here"]);
    assert.deepEqual(lines("漢🦉[x]"), ["  a:1:3 | 漢🦉x", "        |     ^ here"]);
    assert.deepEqual(lines("[漢字]"), ["  a:1:1 | 漢字", "        | ^^^^ here"]);
    assert.deepEqual(lines("e\u0301[x]"), ["  a:1:3 | e\u0301x", "        |  ^ here"]);
  });

  it("shows of a long line the part around the caret", () => {
    const text = `${"a".repeat(500)}[b]${"c".repeat(500)}`;
    const [line = "", carets = ""] = lines(text, 60);
    assert.ok(displayWidth(line) <= 60 + "  a:1:501 | ".length);
    assert.equal(line.indexOf("b"), carets.indexOf("^"));
    assert.match(line, /\| \.\.\.a+bc+\.\.\.$/);
  });

  it("marks a label of several lines on its first", () => {
    assert.deepEqual(lines("a [b\nc] d"), ["  a:1:3 | a b", "        |   ^ here"]);
  });

  it("shows a label at the end of the text behind the last character", () => {
    assert.deepEqual(lines("let x =\n\n[]"), ["  a:1:8 | let x =", "        |        ^ here"]);
    assert.deepEqual(lines("[]"), ["  a:1:1 |", "        | ^ here"]);
  });

  it("does not pass control characters on", () => {
    assert.deepEqual(lines("\u001b0;x\u0007[y]"), ["  a:1:6 | ␛0;x␇y", "        |      ^ here"]);
    assert.deepEqual(lines("a\u202e[b]"), ["  a:1:3 | a\ufffdb", "        |   ^ here"]);
  });

  it("adds labels of other sources below, with their places aligned", () => {
    const first = marked("writer thp { mm: [gup] }", "cell [4]");
    const other = marked("walker [gup] { }", "cell [12]").primary;
    const diagnostic = {...first, secondary: [{...other, text: "declared here"}], help: "no"};
    assert.equal(
      renderText(diagnostic),
      [
        "error[E999]: m",
        "  cell [4] line 1  | writer thp { mm: gup }",
        "                   |                  ^^^ here",
        "  cell [12] line 1 | walker gup { }",
        "                   |        --- declared here",
        "  help: no",
      ].join("\n"),
    );
  });

  it("puts labels on one line under one copy of it", () => {
    const first = marked("zip { a: 1, [b]: 2 }", "a");
    const second = {source: first.primary.source, span: {start: 6, end: 7}, text: "and here"};
    assert.equal(renderText({...first, secondary: [second]}).split("\n").length, 4);
  });

  it("counts at the end", () => {
    const error = marked("[a]");
    const text = renderTexts([error, {...error, severity: "warning"}, error]);
    assert.match(text, /\n\n2 errors, 1 warning$/);
    assert.equal(renderTexts([]), "");
  });

  it("colours only when asked", () => {
    assert.ok(!renderText(marked("[a]")).includes("\u001b"));
    assert.ok(renderText(marked("[a]"), {color: true}).includes("\u001b[31m"));
  });

  it("keeps every excerpt within its width, with the caret under the label", () => {
    fc.assert(
      fc.property(
        fc.string({unit: "grapheme", maxLength: 300}),
        fc.nat(300),
        fc.nat(50),
        (text, start, length) => {
          const place = {source: {name: "a", text}, span: {start, end: start + length}};
          const at = excerpt(place, 60);
          assert.ok(displayWidth(at.before + at.marked + at.after) <= 60);
          assert.equal(displayWidth(at.before), at.indent);
          assert.ok(at.width >= 1 && at.line >= 1 && at.column >= 1);
        },
      ),
    );
  });
});

describe("the HTML rendering", () => {
  it("escapes everything that came from the user", () => {
    const evil = `<img src=x onerror="a">'&`;
    const diagnostic = {
      ...marked(`[${evil}]`, evil),
      message: evil,
      help: evil,
      fixes: [
        {
          title: evil,
          applicability: "machine" as const,
          edits: [{span: {start: 0, end: 1}, text: evil}],
        },
      ],
    };
    const html = renderHtmls([diagnostic]);
    assert.doesNotMatch(html, /<img/);
    assert.doesNotMatch(html, /onerror="/);
    // What is left are our own tags, closed again.
    const tags = [...html.matchAll(/<(\/?)(\w+)/g)].map(([, slash, name]) => `${slash}${name}`);
    assert.deepEqual(
      new Set(tags.map((tag) => tag.replace("/", ""))),
      new Set(["div", "span", "pre", "b"]),
    );
    assert.equal(tags.filter((tag) => tag.startsWith("/")).length * 2, tags.length);
  });

  it("carries a fix as data that undoes the fault", () => {
    const text = "walker gup { hold: 2 us }";
    const [diagnostic] = parse({name: "a", text}).diagnostics;
    const html = renderHtml(diagnostic as Diagnostic);
    const data = /data-quiesce-edits="([^"]*)"/.exec(html)?.[1]?.replaceAll("&quot;", '"') ?? "";
    assert.deepEqual(JSON.parse(data), [{start: 19, end: 23, text: "2us"}]);
    assert.match(html, /data-quiesce-applicability="machine"/);
  });
});

describe("the JSON rendering", () => {
  it("is plain data with lines and columns", () => {
    const [diagnostic] = parse({name: "a", text: "# 🦉\nlet 🦉 = 2"}).diagnostics;
    const json = renderJson(diagnostic as Diagnostic);
    assert.deepEqual(JSON.parse(JSON.stringify(json)), json);
    assert.equal(json.primary.line, 2);
    assert.equal(json.primary.column, 5);
    assert.equal(json.primary.endColumn, 6);
  });
});

describe("machine-applicable fixes", () => {
  it("are applied together where they do not touch", () => {
    const text = "walker a { hold: 2 us }\nwalker b { mm app }\n";
    const {diagnostics} = parse({name: "a", text});
    assert.deepEqual(applyMachineFixes(text, diagnostics), {
      text: "walker a { hold: 2us }\nwalker b { mm: app }\n",
      applied: 2,
    });
  });
});

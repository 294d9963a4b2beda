import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import {describe, it} from "node:test";
import {Ajv} from "ajv";
import type {Message} from "../wire/message.ts";
import {ansiHtml} from "./ansi.ts";
import {createOutputCollector} from "./cell-outputs.ts";
import {highlight} from "./highlight.ts";
import {markdownHtml} from "./markdown.ts";
import {type CodeCell, NotebookError, notebookText, readNotebook} from "./nbformat.ts";
import {notebookHtml} from "./notebook-html.ts";
import {withParameters} from "./parameters.ts";

const code = (source: string, tags?: string[], outputs: unknown[] = []): object => ({
  cell_type: "code",
  metadata: tags === undefined ? {} : {tags},
  source,
  outputs,
  execution_count: null,
});
const file = (...cells: object[]): string =>
  JSON.stringify({nbformat: 4, nbformat_minor: 4, metadata: {}, cells});

describe("a notebook file", () => {
  it("is read leniently and written as format 4.5, the same way each time", () => {
    const outputs = [
      {output_type: "stream", name: "stdout", text: ["a\n", "b"]},
      {
        output_type: "display_data",
        data: {"text/html": ["<b>", "x"], "image/png": "aGk="},
        metadata: {},
      },
      {output_type: "error", ename: "E", evalue: "v", traceback: ["t"]},
    ];
    const markdown = {cell_type: "markdown", metadata: {}, source: ["# A\n", "text"]};
    const notebook = readNotebook(file(markdown, code("1\n2", [], outputs)));
    assert.equal(notebook.cells[0]?.source, "# A\ntext");
    const text = notebookText(notebook);
    assert.equal(notebookText(readNotebook(text)), text);
    const again = JSON.parse(text) as {cells: {source: string[]; id: string}[]};
    assert.deepEqual(again.cells[1]?.source, ["1\n", "2"]);
    assert.match(again.cells[0]?.id ?? "", /^[0-9a-f]{8}$/);
  });

  const schema = "/usr/lib/python3/dist-packages/nbformat/v4/nbformat.v4.5.schema.json";
  const skip =
    existsSync(schema) || process.env.QUIESCE_REQUIRE_TOOLS === "1"
      ? false
      : "the schema of nbformat is not here; .ci/setup-debian.sh installs it";
  it("obeys the schema of nbformat", {skip}, () => {
    const {$schema: _, ...rules} = JSON.parse(readFileSync(schema, "utf8")) as Record<
      string,
      unknown
    >;
    const validate = new Ajv({strict: false}).compile(rules);
    const stream = {output_type: "stream", name: "stdout", text: "x"};
    const result = {
      output_type: "execute_result",
      data: {"text/plain": "1"},
      metadata: {},
      execution_count: 1,
    };
    const notebook = readNotebook(
      file({cell_type: "raw", metadata: {}, source: ""}, code("1", ["a"], [stream, result])),
    );
    assert.ok(validate(JSON.parse(notebookText(notebook))), JSON.stringify(validate.errors));
    const broken = JSON.parse(notebookText(notebook)) as {cells: {id?: string}[]};
    delete broken.cells[0]?.id;
    assert.ok(!validate(broken), "the schema was not applied");
  });

  it("is refused with its place when it is wrong", () => {
    const cases: [string, RegExp][] = [
      ["{", /not JSON/],
      ["[]", /the file is not an object/],
      [JSON.stringify({nbformat: 3}), /nbformat 3.*nbconvert/],
      [file({cell_type: "code", metadata: {}, source: 1}), /cell 1: source is neither/],
      [file({cell_type: "heading", metadata: {}, source: ""}), /cell 1 has cell_type `heading`/],
      [
        file(code("", [], [{output_type: "pyout"}])),
        /cell 1, output 1 has the unknown output_type/,
      ],
    ];
    for (const [text, message] of cases) {
      assert.throws(
        () => readNotebook(text),
        (error: Error) => error instanceof NotebookError && message.test(error.message),
      );
    }
  });
});

describe("parameters", () => {
  const injected = (source: string, values: Record<string, unknown>): string => {
    const notebook = withParameters(readNotebook(file(code(source, ["parameters"]))), values);
    assert.deepEqual(notebook.cells[1]?.metadata.tags, ["injected-parameters"]);
    return notebook.cells[1]?.source ?? "";
  };
  it("follow the cell of defaults, in its language", () => {
    assert.equal(
      injected("const n = 1;\nlet who = 'x';", {n: "7", who: "Ada"}),
      '%%ts\n// Parameters\nlet n = 7;\nlet who = "Ada";',
    );
    assert.equal(injected("let gap = 5us", {gap: "8us"}), "# Parameters\nlet gap = 8us");
  });

  it("replace those of an earlier run", () => {
    const first = withParameters(readNotebook(file(code("let n = 1", ["parameters"]))), {n: 2});
    const second = withParameters(first, {n: 3});
    assert.equal(second.cells.length, 2);
    assert.match(second.cells[1]?.source ?? "", /let n = 3;/);
  });

  it("are refused where nothing takes them", () => {
    assert.throws(
      () => withParameters(readNotebook(file(code("1"))), {n: 1}),
      /no code cell tagged/,
    );
    assert.throws(
      () => injected("let gap = 5us", {gpa: "1us"}),
      /`gpa` is not a parameter; cell 1 has: gap/,
    );
    assert.throws(() => injected("let gap = 5us", {gap: "1us }"}), /has to be one expression/);
  });
});

describe("the outputs of a cell", () => {
  const message = (type: string, content: object): Message =>
    ({header: {msg_type: type}, content}) as unknown as Message;
  it("join stream text, follow display ids across cells, and obey clear_output", () => {
    const collector = createOutputCollector();
    const first = collector.begin();
    first.take(message("stream", {name: "stdout", text: "a"}));
    first.take(message("stream", {name: "stdout", text: "b"}));
    first.take(
      message("display_data", {
        data: {"text/plain": "0%"},
        metadata: {},
        transient: {display_id: "p"},
      }),
    );
    const second = collector.begin();
    second.take(
      message("update_display_data", {
        data: {"text/plain": "9%"},
        metadata: {},
        transient: {display_id: "p"},
      }),
    );
    second.take(message("stream", {name: "stderr", text: "x"}));
    second.take(message("clear_output", {wait: true}));
    assert.equal(second.outputs().length, 1, "cleared only when the next output comes");
    second.take(message("stream", {name: "stdout", text: "y"}));
    assert.deepEqual(first.outputs(), [
      {output_type: "stream", name: "stdout", text: "ab"},
      {output_type: "display_data", data: {"text/plain": "9%"}, metadata: {}},
    ]);
    assert.deepEqual(second.outputs(), [{output_type: "stream", name: "stdout", text: "y"}]);
  });
});

describe("the page of a notebook", () => {
  it("escapes everything that is not an output's HTML", () => {
    const evil = "<script>alert(1)</script>";
    const cells = [
      {
        cell_type: "markdown",
        metadata: {},
        source: `# ${evil}\n[x](javascript:alert(1)) \`${evil}\``,
      },
      code(
        `'${evil}'`,
        [],
        [
          {output_type: "stream", name: "stdout", text: evil},
          {output_type: "error", ename: "E", evalue: evil, traceback: [evil]},
          {output_type: "display_data", data: {"text/plain": evil}, metadata: {}},
        ],
      ),
    ];
    const page = notebookHtml(readNotebook(file(...cells)), evil);
    assert.doesNotMatch(page, /<script|href="javascript/);
    assert.match(page, /<title>&#60;script/);
  });

  it("asks for nothing from the network", () => {
    const page = notebookHtml(readNotebook(file(code("1"))), "t");
    assert.doesNotMatch(page, /(src|href)="?(https?:)?\/\//);
  });

  it("shows the richest form of an output", () => {
    const data = {"text/plain": "plain", "text/html": "<b>rich</b>", "image/png": "aGk="};
    const output = {output_type: "display_data", data, metadata: {}};
    const page = notebookHtml(readNotebook(file(code("1", [], [output]))), "t");
    assert.match(page, /<b>rich<\/b>/);
    assert.doesNotMatch(page, /plain<|aGk=/);
  });
});

describe("Markdown", () => {
  const cases: Record<string, [string, string]> = {
    headings: ["## A *b*", '<h2 id="a-b-">A <em>b</em></h2>'],
    paragraphs: ["a\nb\n\nc", "<p>a\nb</p>\n<p>c</p>"],
    "code spans untouched": ["`**x** <y>`", "<p><code>**x** &#60;y&#62;</code></p>"],
    "nested lists": ["- a\n  1. b\n- c", "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>"],
    "lists of two kinds": ["- a\n\n1. b", "<ul><li>a</li></ul>\n<ol><li>b</li></ol>"],
    quotes: ["> a\n> b", "<blockquote><p>a\nb</p></blockquote>"],
    "fenced code": ["```ts\na < b\n```", "<pre><code>a &#60; b</code></pre>"],
    tables: [
      "| a | b |\n|---|--:|\n| 1 | `x\\|y` |",
      '<table><thead><tr><th style="text-align:left">a</th><th style="text-align:right">b</th></tr></thead><tbody><tr><td style="text-align:left">1</td><td style="text-align:right"><code>x|y</code></td></tr></tbody></table>',
    ],
    "underscores in words": ["rcu_sync and ipi_all", "<p>rcu_sync and ipi_all</p>"],
    links: ["[a](b.md#c)", '<p><a href="b.md#c">a</a></p>'],
  };
  for (const [name, [text, html]] of Object.entries(cases)) {
    it(`knows ${name}`, () => assert.equal(markdownHtml(text), html));
  }
});

describe("coloured text", () => {
  it("becomes spans; other sequences vanish", () => {
    const text = "\u001b[31mred <\u001b[0m plain\u001b[2K";
    assert.equal(ansiHtml(text), '<span style="color:#b3261e">red &#60;</span> plain');
  });

  it("marks code of both languages", () => {
    assert.match(
      highlight("run hello # all"),
      /<span class="kw">run<\/span> hello <span class="com"># all/,
    );
    assert.match(
      highlight("const a = 'x';"),
      /<span class="kw">const<\/span> a = <span class="str">/,
    );
    const {source} = readNotebook(file(code("1"))).cells[0] as CodeCell;
    assert.equal(highlight(source), '<span class="num">1</span>');
  });
});

// A notebook as one HTML page that needs nothing else: no network, no style sheet, no server. Charts are live where scripts run and
// pictures where they do not, since that is how their outputs are made.

import {version} from "../../plan/version.ts";
import {escapeHtml} from "../../table/html-table.ts";
import {ansiHtml} from "./ansi.ts";
import {highlight} from "./highlight.ts";
import {markdownHtml} from "./markdown.ts";
import type {CodeCell, Notebook, Output} from "./nbformat.ts";

/** The page. The HTML of outputs is taken as it is: it comes from the notebook's own cells, which could do anything anyway. */
export function notebookHtml(notebook: Notebook, title: string): string {
  const body = notebook.cells.map((cell) => {
    if (cell.cell_type === "markdown") {
      return `<section class="text">${markdownHtml(cell.source)}</section>`;
    }
    return cell.cell_type === "code" ? codeHtml(cell) : "";
  });
  const heading = /^#\s+(.+)$/m.exec(
    notebook.cells.find((cell) => cell.cell_type === "markdown")?.source ?? "",
  )?.[1];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="quiesce ${escapeHtml(version)}">
<title>${escapeHtml(heading ?? title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body.filter((part) => part !== "").join("\n")}
</main>
</body>
</html>
`;
}

function codeHtml(cell: CodeCell): string {
  const outputs = cell.outputs.map(outputHtml).filter((html) => html !== "");
  const shown = outputs.length === 0 ? "" : `<div class="outputs">${outputs.join("\n")}</div>`;
  if (cell.source.trim() === "") return shown;
  const number = cell.execution_count === null ? " " : String(cell.execution_count);
  return `<section class="cell"><div class="in">[${number}]</div><pre class="code"><code>${highlight(cell.source)}</code></pre>${shown}</section>`;
}

function outputHtml(output: Output): string {
  if (output.output_type === "stream") {
    const kind = output.name === "stderr" ? "stderr" : "stdout";
    return `<pre class="${kind}">${ansiHtml(output.text)}</pre>`;
  }
  if (output.output_type === "error") {
    return `<pre class="error">${ansiHtml(output.traceback.join("\n"))}</pre>`;
  }
  const {data} = output;
  const text = (mime: string): string | undefined =>
    typeof data[mime] === "string" ? (data[mime] as string) : undefined;
  const html = text("text/html");
  if (html !== undefined) return `<div class="rich">${html}</div>`;
  for (const mime of ["image/png", "image/jpeg", "image/gif"]) {
    const base64 = text(mime);
    if (base64 !== undefined) {
      return `<img alt="${escapeHtml(text("text/plain") ?? "")}" src="data:${mime};base64,${escapeHtml(base64.trim())}">`;
    }
  }
  const svg = text("image/svg+xml");
  if (svg !== undefined) {
    return `<img alt="" src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">`;
  }
  const markdown = text("text/markdown");
  if (markdown !== undefined) return `<div class="rich">${markdownHtml(markdown)}</div>`;
  const plain = text("text/plain");
  return plain === undefined || plain === "" ? "" : `<pre class="result">${ansiHtml(plain)}</pre>`;
}

const style = `
:root{color-scheme:light dark;--fg:#1d2733;--bg:#fff;--soft:#f3f5f8;--line:#d8dee6;--dim:#66727f;--accent:#1f4fa3;--kw:#7a2e8e;--str:#256d1b;--num:#8a4b00}
@media (prefers-color-scheme:dark){:root{--fg:#dfe5ec;--bg:#14181d;--soft:#1d232a;--line:#333c46;--dim:#95a1ad;--accent:#8ab4f8;--kw:#d7a5e6;--str:#9ccf8f;--num:#e5b873}}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1,h2,h3,h4{line-height:1.25;margin:1.6em 0 .5em}h1{font-size:1.9rem;margin-top:0}h2{font-size:1.4rem}h3{font-size:1.15rem}
a{color:var(--accent)}
pre,code{font:13.5px/1.5 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
.text code{background:var(--soft);padding:.1em .3em;border-radius:3px}
pre{margin:.6em 0;padding:.7em .9em;overflow-x:auto;border-radius:6px}
.text pre,pre.code{background:var(--soft);border:1px solid var(--line)}.text pre code{background:none;padding:0}
.cell{margin:1.1em 0;position:relative}.in{position:absolute;right:.6em;top:.35em;color:var(--dim);font-size:.75rem}
.outputs{margin-left:.9em}.outputs pre{padding:.2em 0;white-space:pre-wrap}
pre.stderr,pre.error{border-left:3px solid #b3261e;padding-left:.8em!important}
.com{color:var(--dim);font-style:italic}.str{color:var(--str)}.num{color:var(--num)}.kw{color:var(--kw)}
table{border-collapse:collapse;margin:.6em 0}.text td,.text th{border-bottom:1px solid var(--line);padding:.25em .8em}
blockquote{margin:.8em 0;padding:.1em 1em;border-left:3px solid var(--line);color:var(--dim)}
img{max-width:100%}.rich{overflow-x:auto}
@media print{.in{display:none}main{max-width:none}}
`;

// The Markdown of notebook cells as HTML: headings, paragraphs, lists, quotes, tables, fenced code, rules, and the inline marks. All text is
// escaped, raw HTML is shown as text, and only links that cannot run anything become links; a page made of a stranger's notebook is safe.

import {escapeHtml} from "../../table/html-table.ts";

/** HTML of a Markdown text. */
export function markdownHtml(text: string): string {
  return blocks(text.replace(/\r\n?/g, "\n").split("\n"));
}

const listItem = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const tableRule = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

function blocks(rows: readonly string[]): string {
  const out: string[] = [];
  let at = 0;
  while (at < rows.length) {
    const row = rows[at] as string;
    const fence = /^\s*(```+|~~~+)\s*(\S*)/.exec(row);
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(row);
    if (row.trim() === "") at++;
    else if (fence !== null) {
      const end = rows.findIndex((each, i) => i > at && each.trim().startsWith(fence[1] as string));
      const stop = end < 0 ? rows.length : end;
      out.push(`<pre><code>${escapeHtml(rows.slice(at + 1, stop).join("\n"))}</code></pre>`);
      at = stop + 1;
    } else if (heading !== null) {
      const level = (heading[1] as string).length;
      const title = heading[2] as string;
      const anchor = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
      out.push(`<h${level} id="${escapeHtml(anchor)}">${inline(title)}</h${level}>`);
      at++;
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(row)) {
      out.push("<hr>");
      at++;
    } else if (/^\s*>/.test(row)) {
      const [quoted, next] = span(rows, at, (each) => /^\s*>/.test(each));
      out.push(
        `<blockquote>${blocks(quoted.map((each) => each.replace(/^\s*> ?/, "")))}</blockquote>`,
      );
      at = next;
    } else if (listItem.test(row)) {
      const ordered = isOrdered(row);
      const [items, next] = span(
        rows,
        at,
        (each, i) =>
          (listItem.test(each) && (/^\s/.test(each) || isOrdered(each) === ordered)) ||
          (/^\s+\S/.test(each) && i > at) ||
          (each.trim() === "" && /^(\s*([-*+]|\d+[.)])|\s)\s+\S/.test(rows[i + 1] ?? "")),
      );
      out.push(list(items));
      at = next;
    } else if (row.includes("|") && tableRule.test(rows[at + 1] ?? "")) {
      const [body, next] = span(rows, at, (each) => each.includes("|"));
      out.push(table(body));
      at = next;
    } else {
      const [paragraph, next] = span(
        rows,
        at,
        (each, i) =>
          each.trim() !== "" &&
          (i === at || !/^(\s*(```|~~~|>)|#{1,6}\s)/.test(each)) &&
          (i === at || !listItem.test(each)),
      );
      out.push(`<p>${inline(paragraph.join("\n"))}</p>`);
      at = next;
    }
  }
  return out.join("\n");
}

function span(
  rows: readonly string[],
  from: number,
  belongs: (row: string, index: number) => boolean,
): [readonly string[], number] {
  let end = from;
  while (end < rows.length && belongs(rows[end] as string, end)) end++;
  return [rows.slice(from, Math.max(end, from + 1)), Math.max(end, from + 1)];
}

function isOrdered(row: string): boolean {
  return /\d/.test(listItem.exec(row)?.[2] ?? "");
}

function list(rows: readonly string[]): string {
  const first = listItem.exec(rows[0] as string);
  const indent = first?.[1]?.length ?? 0;
  const items: string[][] = [];
  for (const row of rows) {
    const match = listItem.exec(row);
    if (match !== null && (match[1] as string).length <= indent) items.push([match[3] as string]);
    else items.at(-1)?.push(row.replace(new RegExp(`^\\s{0,${indent + 2}}`), ""));
  }
  const body = items.map(([head = "", ...rest]) => {
    const nested = rest.some((row) => row.trim() === "" || listItem.test(row));
    return `<li>${nested ? inline(head) + blocks(rest) : inline([head, ...rest].join("\n"))}</li>`;
  });
  const tag = isOrdered(rows[0] as string) ? "ol" : "ul";
  return `<${tag}>${body.join("")}</${tag}>`;
}

function table(rows: readonly string[]): string {
  const cells = (row: string): string[] =>
    row
      .trim()
      .replace(/^\||\|$/g, "")
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll("\\|", "|"));
  const align = cells(rows[1] ?? "").map((rule) =>
    rule.endsWith(":") ? (rule.startsWith(":") ? "center" : "right") : "left",
  );
  const line = (row: string, tag: string): string =>
    `<tr>${cells(row)
      .map((cell, i) => `<${tag} style="text-align:${align[i] ?? "left"}">${inline(cell)}</${tag}>`)
      .join("")}</tr>`;
  const body = rows.slice(2).map((row) => line(row, "td"));
  return `<table><thead>${line(rows[0] as string, "th")}</thead><tbody>${body.join("")}</tbody></table>`;
}

// Code spans are taken out first, so that nothing inside them is read as a mark; they come back at the end.
function inline(text: string): string {
  const kept: string[] = [];
  const keep = (html: string): string => `\u0000${kept.push(html) - 1}\u0000`;
  let out = text.replaceAll("\u0000", "");
  out = out.replace(/(`+)([\s\S]*?[^`])\1(?!`)/g, (_, _ticks, code: string) =>
    keep(`<code>${escapeHtml(code.trim())}</code>`),
  );
  out = out.replace(/\\([\\`*_{}[\]()#+.!|<>-])/g, (_, mark: string) => keep(escapeHtml(mark)));
  out = out.replace(/!\[([^\]]*)\]\((\S+?)(?:\s+"[^"]*")?\)/g, (whole, alt: string, url: string) =>
    /^(https?:|data:image\/(png|jpeg|gif|svg\+xml);)/.test(url)
      ? keep(`<img alt="${escapeHtml(alt)}" src="${escapeHtml(url)}">`)
      : whole,
  );
  out = out.replace(
    /\[([^\]]+)\]\((\S+?)(?:\s+"[^"]*")?\)/g,
    (whole, label: string, url: string) =>
      safeLink(url) ? `${keep(`<a href="${escapeHtml(url)}">`)}${label}${keep("</a>")}` : whole,
  );
  out = out.replace(/<(https?:\/\/[^\s<>]+)>/g, (_, url: string) =>
    keep(`<a href="${escapeHtml(url)}">${escapeHtml(url)}</a>`),
  );
  out = escapeHtml(out)
    .replace(/\*\*(\S(?:[\s\S]*?\S)?)\*\*/g, "<strong>$1</strong>")
    .replace(/(?<![\w*])\*(\S(?:[^*]*?\S)?)\*(?![\w*])/g, "<em>$1</em>")
    .replace(/(?<!\w)_(\S(?:[^_]*?\S)?)_(?!\w)/g, "<em>$1</em>")
    .replace(/~~(\S[^~]*?)~~/g, "<del>$1</del>")
    .replace(/(?: {2,}|\\)\n/g, "<br>\n");
  for (let depth = 0; depth < 3; depth++) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the mark that no text contains
    out = out.replace(/\u0000(\d+)\u0000/g, (_, index: string) => kept[Number(index)] ?? "");
  }
  return out;
}

function safeLink(url: string): boolean {
  return /^(https?:|mailto:|#|\.{0,2}\/|[\w.-]+(\/|$|#|\.))/.test(url) && !/^\w+script:/i.test(url);
}

// A diagnostic for the terminal:
//
//     error[E204]: expected an mm, found a walker
//       cell [4] line 3 | writer thp { mm: gup, every: 1ms, kind: free }
//                       |                  ^^^ `gup` is a walker
//       cell [2] line 3 | walker gup { mm: app, every: 5us, hold: 1us }
//                       |        --- declared here, it walks `app`
//       help: did you mean `mm: app`?  [fix]
//
// Files are named `path:line:column`, which editors and terminals make a link of.

import {styleText} from "node:util";
import type {Diagnostic, Label} from "./diagnostic.ts";
import {cellsOf, displayWidth} from "./display-width.ts";
import {type Excerpt, excerpt} from "./excerpt.ts";

export interface TextOptions {
  /** Colour by escape sequences; off by default. */
  readonly color?: boolean;
  /** Terminal columns for the user's line; 100 by default. */
  readonly width?: number;
}

/** Lines joined by newlines, none at the end. */
export function renderText(diagnostic: Diagnostic, options: TextOptions = {}): string {
  const {code, severity, help, fixes} = diagnostic;
  const paint = painter(options.color ?? false);
  const strong: Paint = severity === "error" ? "red" : "yellow";
  const labels: readonly Marked[] = [diagnostic.primary, ...diagnostic.secondary].map(
    (label, i) => ({
      label,
      mark: i === 0 ? "^" : "-",
      color: i === 0 ? strong : "blue",
      at: excerpt(label, options.width),
    }),
  );
  const gutter = Math.max(...labels.map(({label, at}) => displayWidth(placeText(label, at))));
  const blank = `  ${" ".repeat(gutter)} ${paint("dim", "|")}`;
  const lines = [
    `${paint("bold", paint(strong, `${severity}[${code}]`))}${paint("bold", `: ${printed(diagnostic.message)}`)}`,
  ];
  for (const [i, {label, mark, color, at}] of labels.entries()) {
    const before = labels[i - 1];
    // Labels on one line stand under one copy of it.
    const same =
      before?.label.source === label.source &&
      before.at.line === at.line &&
      lineText(before.at) === lineText(at);
    if (!same) {
      const place = placeText(label, at);
      const pad = " ".repeat(gutter - displayWidth(place));
      lines.push(`  ${paint("dim", place)}${pad} ${paint("dim", "|")} ${lineText(at)}`.trimEnd());
    }
    const text = label.text === "" ? "" : ` ${printed(label.text)}`;
    lines.push(
      `${blank} ${" ".repeat(at.indent)}${paint(color, `${mark.repeat(at.width)}${text}`)}`,
    );
  }
  const fix = fixes.length === 0 ? "" : `  ${paint("green", "[fix]")}`;
  const advice = help ?? fixes[0]?.title;
  if (advice !== undefined) lines.push(`  ${paint("bold", "help:")} ${printed(advice)}${fix}`);
  return lines.join("\n");
}

/** All of them, with a blank line between and a count at the end; empty for none. */
export function renderTexts(diagnostics: readonly Diagnostic[], options: TextOptions = {}): string {
  if (diagnostics.length === 0) return "";
  const count = (severity: string): string => {
    const n = diagnostics.filter((one) => one.severity === severity).length;
    return n === 0 ? "" : `${n} ${severity}${n === 1 ? "" : "s"}`;
  };
  const summary = [count("error"), count("warning")].filter((text) => text !== "").join(", ");
  return [...diagnostics.map((one) => renderText(one, options)), summary].join("\n\n");
}

/** `cell [4] line 3`, `thp.quiesce:3:41`. */
export function placeText({source}: Label, {line, column}: Excerpt): string {
  const name = printed(source.name);
  if (name === "") return `line ${line}`;
  return /^cell\b/.test(name) ? `${name} line ${line}` : `${name}:${line}:${column}`;
}

interface Marked {
  readonly label: Label;
  readonly mark: string;
  readonly color: Paint;
  readonly at: Excerpt;
}

function lineText(at: Excerpt): string {
  return at.before + at.marked + at.after;
}

// Messages quote the user's words too.
function printed(text: string): string {
  return cellsOf(text)
    .map((cell) => cell.text)
    .join("");
}

type Paint = "red" | "yellow" | "blue" | "green" | "bold" | "dim";

function painter(color: boolean): (how: Paint, text: string) => string {
  // Newer Nodes look at the stream by themselves; here the caller has decided.
  const options = {validateStream: false};
  return color
    ? (how, text) =>
        (styleText as (how: Paint, text: string, o: object) => string)(how, text, options)
    : (_, text) => text;
}

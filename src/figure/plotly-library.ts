// The only file that knows where Plotly's library is.

import {readFileSync} from "node:fs";
import {createRequire} from "node:module";

let source: string | undefined;

/** Plotly as JavaScript text: it sets `window.Plotly`. 4.8 MB, read once. */
export function plotlySource(): string {
  if (source === undefined) {
    const resolve = createRequire(import.meta.url).resolve;
    source = readFileSync(resolve("plotly.js/plotly.min.js"), "utf8");
  }
  return source;
}

/** The library as the content of a `<script>` element: nothing in it ends the element or opens a comment in it. */
export function plotlyScript(): string {
  return scriptText(plotlySource());
}

/**
 * JavaScript or JSON made safe to stand inside `<script>`. The sequences that end or nest a script element occur in JavaScript only
 * inside strings, regular expressions and comments, where the escaped form means the same.
 */
export function scriptText(text: string): string {
  return text.replace(/<(?=\/script|script|!--)/gi, "\\x3c");
}

/** The version of the library, `4.1.2`. */
export function plotlyVersion(): string {
  const require = createRequire(import.meta.url);
  return (require("plotly.js/package.json") as {version: string}).version;
}

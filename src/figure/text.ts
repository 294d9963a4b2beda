// Text inside pictures: escaped for Plotly, which reads a little HTML in every string, and measured without a browser.

import {textWidth, type Weight} from "./font.ts";

/** First the font that static pictures carry with them, then what a system is likely to have. */
export const figureFont = "DejaVu Sans, Verdana, Segoe UI, Helvetica, Arial, sans-serif";

/** Text that Plotly shows as it is. */
export function plotlyText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Text with line breaks so that no line is wider than `pixels` at that font size, as far as words allow. */
export function wrapped(
  text: string,
  pixels: number,
  size: number,
  weight: Weight = "normal",
): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer, weight) * size > pixels) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  if (line !== "") lines.push(line);
  return lines;
}

/** `a`, `a and b`, `a, b and c`; beyond `most` the rest is counted. */
export function listText(items: readonly string[], most = 6): string {
  if (items.length > most) {
    return `${items.slice(0, most - 1).join(", ")} and ${items.length - most + 1} more`;
  }
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
}

/** `1 policy`, `3 policies`. */
export function countText(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

// The line of a label as it is shown in a message: its number, the part of it around the label, and where the carets go. The same for
// every rendering. A label over several lines is shown on its first; one behind the end of the text at the end of the last line that
// has something on it.

import type {Place} from "./diagnostic.ts";
import {type Cell, cellsOf} from "./display-width.ts";

export interface Excerpt {
  /** Counted from 1. */
  readonly line: number;
  /** In code points, counted from 1. */
  readonly column: number;
  /** The part of the line before the carets, above them, and behind; tabs expanded, unprintable characters replaced. */
  readonly before: string;
  readonly marked: string;
  readonly after: string;
  /** Terminal columns before the carets and under them; at least one caret. */
  readonly indent: number;
  readonly width: number;
}

/** The excerpt of at most `limit` terminal columns. */
export function excerpt({source, span}: Place, limit = 100): Excerpt {
  const {text} = source;
  const start = Math.max(0, Math.min(span.start, text.trimEnd().length));
  const {line, column, from, to} = locate(text, start);
  const end = Math.max(start, Math.min(span.end, to));
  // Of an enormous line only the neighbourhood is looked at.
  const low = boundary(text, Math.max(from, start - 4 * limit));
  const high = boundary(text, Math.min(to, start + 4 * limit));
  const cells = cellsOf(text.slice(low, high), low);
  const first = cells.findIndex((cell) => cell.end > start);
  const mark = first < 0 ? cells.length : first;
  let stop = mark;
  while (stop < cells.length && (cells[stop] as Cell).start < end) stop++;
  const window = around(cells, mark, stop, limit);
  const shown = (a: number, b: number) =>
    cells
      .slice(a, b)
      .map((cell) => cell.text)
      .join("");
  const cut = low > from || window.from > 0 ? ellipsis : "";
  const rest = high < to || window.to < cells.length ? ellipsis : "";
  const markedEnd = Math.min(stop, window.to);
  return {
    line,
    column,
    before: cut + shown(window.from, mark),
    marked: shown(mark, markedEnd),
    after: shown(markedEnd, window.to) + rest,
    indent: cut.length + columns(cells, window.from, mark),
    width: Math.max(1, columns(cells, mark, markedEnd)),
  };
}

const ellipsis = "...";

/** Line and column of an offset, both from 1, columns in code points; `from`..`to` is the line without its end. */
export function locate(
  text: string,
  offset: number,
): {readonly line: number; readonly column: number; readonly from: number; readonly to: number} {
  let line = 1;
  let from = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
    from = at + 1;
  }
  let to = text.indexOf("\n", from);
  if (to < 0) to = text.length;
  if (to > from && text[to - 1] === "\r") to--;
  let column = 1;
  for (let i = from; i < offset; i++) {
    const code = text.charCodeAt(i);
    if (code < 0xdc00 || code > 0xdfff) column++;
  }
  return {line, column, from, to};
}

function columns(cells: readonly Cell[], from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (cells[i] as Cell).width;
  return sum;
}

// The cells to show: all if they fit, else those around the mark with a third of the room before it.
function around(
  cells: readonly Cell[],
  mark: number,
  stop: number,
  limit: number,
): {readonly from: number; readonly to: number} {
  if (columns(cells, 0, cells.length) <= limit) return {from: 0, to: cells.length};
  const room = limit - 2 * ellipsis.length;
  let from = mark;
  let used = Math.min(columns(cells, mark, stop), room);
  const before = Math.max(Math.floor(room / 3), room - used - columns(cells, stop, cells.length));
  for (let left = Math.min(before, room - used); from > 0; from--) {
    left -= (cells[from - 1] as Cell).width;
    if (left < 0) break;
    used += (cells[from - 1] as Cell).width;
  }
  let to = mark;
  let width = columns(cells, from, mark);
  while (to < cells.length && width + (cells[to] as Cell).width <= room)
    width += (cells[to++] as Cell).width;
  return {from, to};
}

// Never between the halves of a surrogate pair.
function boundary(text: string, offset: number): number {
  const code = text.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset;
}

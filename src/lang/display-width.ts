// How wide text is on a terminal, and what of it may be shown there. A letter is one cell, East Asian wide characters and emoji are two,
// combining marks none. Control characters and the marks that turn the direction of text are shown as stand-ins: a program that is
// quoted in a message must not be able to move the cursor or to look like another program.

/** One character as the reader sees it, with the UTF-16 range it was made from. */
export interface Cell {
  readonly text: string;
  /** Terminal columns: 0, 1 or 2; a tab is as wide as its stop asks. */
  readonly width: number;
  readonly start: number;
  readonly end: number;
}

let segmenter: Intl.Segmenter | undefined;

/** `text` as cells, tabs expanded to multiples of four columns; `offset` is added to the ranges. */
export function cellsOf(text: string, offset = 0): readonly Cell[] {
  segmenter ??= new Intl.Segmenter("en", {granularity: "grapheme"});
  const cells: Cell[] = [];
  let column = 0;
  for (const {segment, index} of segmenter.segment(text)) {
    const shown = segment === "\t" ? " ".repeat(tab - (column % tab)) : standIn(segment);
    const width = segment === "\t" ? shown.length : widthOf(shown);
    cells.push({
      text: shown,
      width,
      start: offset + index,
      end: offset + index + segment.length,
    });
    column += width;
  }
  return cells;
}

const tab = 4;

/** Columns that a text without tabs and control characters takes. */
export function displayWidth(text: string): number {
  return cellsOf(text).reduce((sum, cell) => sum + cell.width, 0);
}

function widthOf(grapheme: string): number {
  if (/^[\x20-\x7e]$/.test(grapheme)) return 1;
  if (/^[\p{Mn}\p{Me}\u200b-\u200d\ufeff]+$/u.test(grapheme)) return 0;
  const code = grapheme.codePointAt(0) ?? 0;
  if (/\p{Emoji_Presentation}|\ufe0f/u.test(grapheme)) return 2;
  return wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

// The blocks of Unicode's East_Asian_Width W and F (EastAsianWidth.txt), coarsely.
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

// Control characters as their pictures (U+2400 ...), direction marks and lone surrogates as the replacement character.
function standIn(segment: string): string {
  const code = segment.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  if (/[\u0080-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\p{Cs}]/u.test(segment))
    return "\ufffd";
  return segment;
}

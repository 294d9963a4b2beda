// tslab emits no source map, so an error would be reported at a place in JavaScript that the user never wrote. The emitted code is the
// source with types removed, `exports.` written before names and commas where there were semicolons: the tokens that survive are the same,
// in the same order. So the map is the longest common subsequence of the two token lists.

import type {Compiler} from "./compiler.ts";

/** Triples (offset in emitted code, offset in source, length), ascending. */
export type PositionMap = Int32Array;

/** Lists longer than this product are not aligned (16 MB of table); errors then name the cell but no line. */
const tableLimit = 16e6;

interface Token {
  readonly at: number;
  readonly text: string;
}

/** Aligns the emitted code with the source it came from. */
export function alignTokens(compiler: Compiler, emitted: string, source: string): PositionMap {
  const a = tokens(compiler, emitted);
  const b = tokens(compiler, source);
  if (a.length * b.length > tableLimit || a.length === 0 || b.length === 0) {
    return new Int32Array(0);
  }
  // length[i * width + j] = longest common subsequence of a[i..] and b[j..]
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i * width + j] =
        a[i]!.text === b[j]!.text
          ? length[(i + 1) * width + j + 1]! + 1
          : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
    }
  }
  const triples: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i]!.text === b[j]!.text) triples.push(a[i]!.at, b[j++]!.at, a[i++]!.text.length);
    else if (length[(i + 1) * width + j]! >= length[i * width + j + 1]!) i++;
    else j++;
  }
  return Int32Array.from(triples);
}

/** The source offset of an emitted offset: the place in the token there, else the start of the last one before it; `undefined` before the first. */
export function sourceOffset(map: PositionMap, emitted: number): number | undefined {
  let found: number | undefined;
  for (let i = 0; i < map.length && map[i]! <= emitted; i += 3) {
    const within = emitted - map[i]!;
    found = map[i + 1]! + (within < map[i + 2]! ? within : 0);
  }
  return found;
}

function tokens(compiler: Compiler, text: string): readonly Token[] {
  const scanner = compiler.createScanner(compiler.ScriptTarget.Latest, true);
  scanner.setText(text);
  const out: Token[] = [];
  const end = compiler.SyntaxKind.EndOfFileToken;
  for (let kind = scanner.scan(); kind !== end; kind = scanner.scan()) {
    out.push({at: scanner.getTokenPos(), text: scanner.getTokenText()});
  }
  return out;
}

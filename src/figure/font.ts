// The font of static pictures, DejaVu Sans: it has every character the figures use, its licence is free (Bitstream Vera's), and npm has it,
// so that a picture looks the same on every machine, one without fonts included. The package ships WOFF 1.0 (W3C Recommendation of
// 13 December 2012): an OpenType file whose tables are deflated one by one. It is unpacked here, and the widths of its characters are read,
// which is all that laying out text without a browser needs.

import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {inflateSync} from "node:zlib";

export type Weight = "normal" | "bold";

const files: Readonly<Record<Weight, string>> = {
  normal: "dejavu-sans-latin-400-normal.woff",
  bold: "dejavu-sans-latin-700-normal.woff",
};

/** Name of the family as the font file says it. */
export const fontFamily = "DejaVu Sans";

/** Heights over and under the baseline, in em. */
export const ascent = 0.928;
export const descent = 0.236;

interface Table {
  readonly tag: string;
  readonly checksum: number;
  readonly data: Buffer;
}

/** The font as an OpenType file. */
export function openTypeFont(weight: Weight): Buffer {
  const {flavor, tables} = tablesOf(weight);
  const directory = Buffer.alloc(12 + 16 * tables.length);
  const power = 2 ** Math.floor(Math.log2(tables.length));
  directory.writeUInt32BE(flavor, 0);
  directory.writeUInt16BE(tables.length, 4);
  directory.writeUInt16BE(power * 16, 6);
  directory.writeUInt16BE(Math.log2(power), 8);
  directory.writeUInt16BE(tables.length * 16 - power * 16, 10);
  const parts: Buffer[] = [directory];
  let offset = directory.length;
  tables.forEach((table, i) => {
    const entry = 12 + 16 * i;
    directory.write(table.tag, entry, "latin1");
    directory.writeUInt32BE(table.checksum, entry + 4);
    directory.writeUInt32BE(offset, entry + 8);
    directory.writeUInt32BE(table.data.length, entry + 12);
    const padding = (4 - (table.data.length % 4)) % 4;
    parts.push(table.data, Buffer.alloc(padding));
    offset += table.data.length + padding;
  });
  return Buffer.concat(parts);
}

/** Width of a line of text in em. */
export function textWidth(text: string, weight: Weight = "normal"): number {
  const widths = widthsOf(weight);
  let sum = 0;
  for (const character of text) sum += widths(character.codePointAt(0) as number);
  return sum;
}

const cache = new Map<Weight, (codePoint: number) => number>();

function widthsOf(weight: Weight): (codePoint: number) => number {
  const known = cache.get(weight);
  if (known !== undefined) return known;
  const wanted = ["head", "hhea", "hmtx", "cmap"];
  const read = tablesOf(weight, (tag) => wanted.includes(tag)).tables;
  const tables = new Map(read.map((table) => [table.tag, table.data]));
  const unitsPerEm = need(tables, "head").readUInt16BE(18);
  const metrics = need(tables, "hhea").readUInt16BE(34);
  const hmtx = need(tables, "hmtx");
  const glyphOf = characterMap(need(tables, "cmap"));
  const widths = (codePoint: number): number => {
    const glyph = Math.min(glyphOf(codePoint), metrics - 1);
    return hmtx.readUInt16BE(4 * glyph) / unitsPerEm;
  };
  cache.set(weight, widths);
  return widths;
}

// The format 4 subtable (segments of the Basic Multilingual Plane), as Windows reads it: platform 3, encoding 1.
function characterMap(cmap: Buffer): (codePoint: number) => number {
  const count = cmap.readUInt16BE(2);
  let start = -1;
  for (let i = 0; i < count; i++) {
    const record = 4 + 8 * i;
    const unicode = cmap.readUInt16BE(record) === 3 && cmap.readUInt16BE(record + 2) === 1;
    if (unicode) start = cmap.readUInt32BE(record + 4);
  }
  if (start < 0) throw new Error("the font has no character map for Unicode");
  const segments = cmap.readUInt16BE(start + 6) / 2;
  const ends = start + 14;
  const starts = ends + 2 * segments + 2;
  const deltas = starts + 2 * segments;
  const offsets = deltas + 2 * segments;
  return (codePoint) => {
    for (let i = 0; i < segments; i++) {
      if (cmap.readUInt16BE(ends + 2 * i) < codePoint) continue;
      const first = cmap.readUInt16BE(starts + 2 * i);
      if (first > codePoint) return 0;
      const delta = cmap.readUInt16BE(deltas + 2 * i);
      const offset = cmap.readUInt16BE(offsets + 2 * i);
      if (offset === 0) return (codePoint + delta) & 0xffff;
      const glyph = cmap.readUInt16BE(offsets + 2 * i + offset + 2 * (codePoint - first));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}

function tablesOf(
  weight: Weight,
  wanted: (tag: string) => boolean = () => true,
): {flavor: number; tables: Table[]} {
  const resolve = createRequire(import.meta.url).resolve;
  const woff = readFileSync(resolve(`@fontsource/dejavu-sans/files/${files[weight]}`));
  if (woff.toString("latin1", 0, 4) !== "wOFF") throw new Error("the font is not a WOFF file");
  const count = woff.readUInt16BE(12);
  const entries = Array.from({length: count}, (_, i) => 44 + 20 * i).filter((entry) =>
    wanted(woff.toString("latin1", entry, entry + 4)),
  );
  const tables = entries.map((entry): Table => {
    const offset = woff.readUInt32BE(entry + 4);
    const stored = woff.subarray(offset, offset + woff.readUInt32BE(entry + 8));
    const length = woff.readUInt32BE(entry + 12);
    return {
      tag: woff.toString("latin1", entry, entry + 4),
      checksum: woff.readUInt32BE(entry + 16),
      data: stored.length < length ? inflateSync(stored) : stored,
    };
  });
  return {flavor: woff.readUInt32BE(4), tables};
}

function need(tables: ReadonlyMap<string, Buffer>, tag: string): Buffer {
  const table = tables.get(tag);
  if (table === undefined) throw new Error(`the font has no ${tag} table`);
  return table;
}

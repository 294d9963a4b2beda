// A picture of cells as data: what a figure shows where it has far more marks than a browser moves smoothly. A cell holds the number of a
// colour role; the theme resolves the roles and the cells become a PNG of the indexed kind (ISO/IEC 15948, colour type 3), which deflates
// to a few per cent of itself.

import {crc32, deflateSync} from "node:zlib";
import type {Color} from "./figure.ts";

export interface Raster {
  readonly width: number;
  readonly height: number;
  /** Row by row from the top: 0 is nothing, n is `colors[n - 1]`. */
  readonly cells: Uint8Array;
  /** At most 255. */
  readonly colors: readonly Color[];
}

/** The raster as PNG; `colors` are its roles resolved to `#rrggbb`. */
export function rasterPng(raster: Raster, colors: readonly string[]): Uint8Array {
  const {width, height, cells} = raster;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const palette = Buffer.alloc(3 * (colors.length + 1));
  colors.forEach((color, i) => {
    palette.writeUIntBE(Number.parseInt(color.slice(1, 7), 16), 3 * (i + 1), 3);
  });
  // Every line begins with its filter: 0 for the first, 2 (as above) for one equal to the line above it, which is then all zeros.
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    const line = cells.subarray(y * width, (y + 1) * width);
    const above = cells.subarray(Math.max(0, y - 1) * width, Math.max(0, y - 1) * width + width);
    if (y > 0 && Buffer.compare(line, above) === 0) lines[y * (width + 1)] = 2;
    else lines.set(line, y * (width + 1) + 1);
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("tRNS", Buffer.from([0])),
    chunk("IDAT", deflateSync(lines, {level: 6})),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

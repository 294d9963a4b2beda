// A PDF of one page that holds one picture, for papers and mails. The picture goes in as pixels (three bytes each, deflated), because a
// faithful translation of SVG with its fonts is a library of its own; at three pixels to a CSS pixel, four to the point, it prints at 288 dpi.
// ISO 32000-1:2008, sections 7.5 and 8.9.

import {deflateSync} from "node:zlib";
import type {Pixels} from "./render.ts";

/** `width` and `height` of the page in points. */
export function pdfOf(pixels: Pixels, width: number, height: number, title: string): Uint8Array {
  const rgb = new Uint8Array(pixels.width * pixels.height * 3);
  for (let from = 0, to = 0; from < pixels.rgba.length; from += 4, to += 3) {
    rgb[to] = pixels.rgba[from];
    rgb[to + 1] = pixels.rgba[from + 1];
    rgb[to + 2] = pixels.rgba[from + 2];
  }
  const image = deflateSync(rgb, {level: 9});
  const content = Buffer.from(`q ${width} 0 0 ${height} 0 0 cm /Picture Do Q`);
  const objects: (string | Buffer)[][] = [
    ["<< /Type /Catalog /Pages 2 0 R >>"],
    ["<< /Type /Pages /Kids [3 0 R] /Count 1 >>"],
    [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents 4 0 R /Resources << /XObject << /Picture 5 0 R >> >> >>`,
    ],
    [`<< /Length ${content.length} >>\nstream\n`, content, "\nendstream"],
    [
      `<< /Type /XObject /Subtype /Image /Width ${pixels.width} /Height ${pixels.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode /Length ${image.length} >>\nstream\n`,
      image,
      "\nendstream",
    ],
    [`<< /Title ${textString(title)} /Producer (quiesce) >>`],
  ];
  const parts: Buffer[] = [Buffer.from("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "latin1")];
  let length = parts[0].length;
  const offsets: number[] = [];
  const put = (part: string | Buffer): void => {
    const bytes = typeof part === "string" ? Buffer.from(part, "latin1") : part;
    parts.push(bytes);
    length += bytes.length;
  };
  objects.forEach((object, i) => {
    offsets.push(length);
    put(`${i + 1} 0 obj\n`);
    for (const part of object) put(part);
    put("\nendobj\n");
  });
  const start = length;
  put(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`);
  for (const offset of offsets) put(`${String(offset).padStart(10, "0")} 00000 n \n`);
  put(
    `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n${start}\n%%EOF\n`,
  );
  return Buffer.concat(parts);
}

// UTF-16 with a byte order mark, in hexadecimal: any text, nothing to escape.
function textString(text: string): string {
  const bytes = Buffer.from(text, "utf16le").swap16();
  return `<FEFF${bytes.toString("hex").toUpperCase()}>`;
}

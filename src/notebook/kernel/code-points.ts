// The protocol counts cursors in Unicode code points; JavaScript counts UTF-16 units. One emoji before the cursor and they differ.

/** UTF-16 offset of a cursor given in code points. */
export function toUnits(text: string, codePoints: number): number {
  let units = 0;
  for (let left = codePoints; left > 0 && units < text.length; left--) {
    units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  }
  return units;
}

/** Cursor in code points of a UTF-16 offset; an offset inside a pair counts as before it. */
export function toCodePoints(text: string, units: number): number {
  let points = 0;
  for (let at = 0; at < Math.min(units, text.length); ) {
    const step = text.codePointAt(at)! > 0xffff ? 2 : 1;
    if (at + step > units) break;
    at += step;
    points++;
  }
  return points;
}

// Nothing that reaches a result may depend on the clock, on chance, or on how this version of Node rounds its transcendental functions.
import assert from "node:assert/strict";
import {existsSync, readdirSync, readFileSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import {it} from "node:test";
import {fileURLToPath} from "node:url";

const source = resolve(dirname(fileURLToPath(import.meta.url)), "../../../src");
const banned =
  /\bMath\.(random|log|log2|log10|log1p|exp|expm1|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|cbrt|hypot)\b|\bDate\.now\b|\bnew Date\b|\bperformance\.now\b|\*\*/;

/** The occurrences of what is banned in a text, comments left out; `**` is `Math.pow`. */
function impurities(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/^\s*(\/\/|\/?\*).*|\s\/\/ .*$/, ""))
    .filter((line) => banned.test(line));
}

for (const room of ["random", "engine", "machine", "record", "stats"]) {
  it(`${room} computes with IEEE arithmetic and its own functions only`, () => {
    const folder = join(source, room);
    if (!existsSync(folder)) return;
    const files = readdirSync(folder, {recursive: true, encoding: "utf8"}).filter(
      (name) => name.endsWith(".ts") && !/\.(test|bench|contract)\.ts$/.test(name),
    );
    assert.ok(files.length > 0);
    for (const file of files) {
      assert.deepEqual(impurities(readFileSync(join(folder, file), "utf8")), [], join(room, file));
    }
  });
}

it("what is banned is found", () => {
  assert.equal(
    impurities("const x = Math.log(2);\nconst t = Date.now();\n// Math.exp is not exact\n").length,
    2,
  );
});

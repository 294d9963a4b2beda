// How a value of a TypeScript cell is shown. A value that knows how to show itself says so by the protocol that Deno introduced,
// `[Symbol.for("Jupyter.display")]()`; tables and figures are recognised by their shape; everything else is inspected.

import {inspect} from "node:util";
import {currentCell} from "../kernel/cell.ts";
import {type Bundle, textBundle} from "./bundle.ts";
import {type Charts, isFigure} from "./charts.ts";
import {isTable, tableBundle} from "./table-bundle.ts";

const displaySymbol: symbol = Symbol.for("Jupyter.display");

/** The display of any value. A `Jupyter.display` that throws or returns no object is not hidden: its error is the display. */
export async function bundleOf(value: unknown, charts: Charts): Promise<Bundle> {
  const own = ownDisplay(value);
  if (own !== undefined) {
    const data = await own();
    if (typeof data !== "object" || data === null) {
      throw new TypeError(
        `Expected [Symbol.for("Jupyter.display")]() to return an object of MIME types, got \`${inspect(data)}\``,
      );
    }
    const plain = {"text/plain": inspect(value, {depth: 1}), ...(data as Record<string, unknown>)};
    return {data: plain, metadata: {}};
  }
  if (isTable(value)) return tableBundle(value);
  if (isFigure(value)) return charts.bundle(value, currentCell.getStore());
  if (typeof value === "string") return textBundle(inspect(value));
  return textBundle(inspect(value, {depth: 4, maxArrayLength: 100, maxStringLength: 10_000}));
}

function ownDisplay(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null)
    return undefined;
  const method = (value as Record<symbol, unknown>)[displaySymbol];
  return typeof method === "function" ? () => method.call(value) : undefined;
}

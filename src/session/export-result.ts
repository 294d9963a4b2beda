// `export "out/which.csv"`: the table of a result that is tidy from birth, one row per point, replication and measure.

import {mkdirSync, realpathSync} from "node:fs";
import {dirname, isAbsolute, join, resolve, sep} from "node:path";
import type {RunResult} from "../farm/result.ts";
import {exportTable} from "../table/export-table.ts";
import {runsTable} from "../table/runs-table.ts";

/**
 * Writes a result below a folder; the extension decides the format. Throws a RangeError for a path that leaves the folder and for an
 * unknown extension, and the system's error for a file that cannot be written.
 */
export async function exportResult(
  result: RunResult,
  path: string,
  folder: string,
): Promise<{file: string; what: string}> {
  const top = resolve(folder);
  const file = resolve(top, path);
  if (isAbsolute(path) || !file.startsWith(join(top, sep))) {
    throw new RangeError(
      `cannot write ${path}: exports go below the folder of the experiment; write a relative path without \`..\``,
    );
  }
  mkdirSync(dirname(file), {recursive: true});
  if (!join(realpathSync(dirname(file)), sep).startsWith(join(realpathSync(top), sep))) {
    throw new RangeError(
      `cannot write ${path}: a symbolic link leads out of the folder of the experiment`,
    );
  }
  const table = runsTable(result);
  exportTable(table, file, {
    metadata: {
      experiment: result.plan.name,
      plan: result.planHash,
      seed: String(result.plan.seed),
      version: result.version,
      ...(result.warmUp === undefined ? {} : {warmup: `${result.warmUp.warmup}ns`}),
    },
  });
  return {file, what: `${table.numRows()} rows, ${table.numCols()} columns`};
}

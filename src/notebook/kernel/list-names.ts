// Everything that cells of both languages have declared, as `%who` lists it.

import type {QuiesceCells} from "../quiesce/quiesce-cells.ts";
import type {TypeScriptCells} from "../typescript/typescript-cells.ts";
import type {Listed} from "./magics.ts";
import {valueSize} from "./value-size.ts";

export async function listNames(
  typescript: Pick<TypeScriptCells, "declared" | "read">,
  quiesce: Pick<QuiesceCells, "declared">,
): Promise<readonly Listed[]> {
  const quiesceNames = await quiesce.declared();
  const typescriptNames = await typescript.declared();
  return [
    ...quiesceNames.map(({name, kind, from, size}) => ({
      name,
      language: "Quiesce" as const,
      kind,
      type: `in ${from}`,
      size,
    })),
    ...typescriptNames.map(({name, kind, type}) => ({
      name,
      language: "TypeScript" as const,
      kind,
      // The type of a run's variable is named by its file.
      type: type.replace(/import\(["'][^"']*run-variable["']\)\.RunVariable/, "RunVariable"),
      size: kind === "variable" ? valueSize(typescript.read(name).value) : "",
    })),
  ];
}

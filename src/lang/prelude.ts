// The prelude: machines, costs and policies in the language itself, read from the package once, when first needed. Its own tests check
// it; at run time it is only declared.

import {readFileSync} from "node:fs";
import {declare} from "./declare.ts";
import {type Declared, emptyModule, type Module} from "./environment.ts";
import {parse} from "./parse.ts";
import type {Program} from "./syntax.ts";

const folder = new URL("../../../grammar/prelude/", import.meta.url);
const files = ["costs.quiesce", "machines.quiesce", "policies.quiesce"] as const;

let loaded: Module | undefined;

/** The module that every other has as its last resort. Throws if the package's own files are missing or do not parse. */
export function prelude(): Module {
  if (loaded !== undefined) return loaded;
  const names = new Map<string, Declared>();
  const module: Module = {...emptyModule("prelude"), names};
  for (const program of preludePrograms())
    for (const declared of declare(program, module)) names.set(declared.name, declared);
  loaded = module;
  return module;
}

/** The prelude's texts, parsed. */
export function preludePrograms(): Program[] {
  return files.map((file) => {
    const text = readFileSync(new URL(file, folder), "utf8");
    const {program, diagnostics} = parse({name: `prelude/${file}`, text});
    const [fault] = diagnostics;
    if (fault !== undefined)
      throw new Error(`the prelude is broken: ${file}: ${fault.code} ${fault.message}`);
    return program;
  });
}

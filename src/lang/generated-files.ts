// What `grammar/generated/` holds: everything that follows from the tables of tokens, rules, fields, steps and codes.

import {cstTypes} from "../../grammar/cst-types.ts";
import {ebnf} from "../../grammar/ebnf.ts";
import {codeMirrorMode, textMateGrammar} from "../../grammar/highlight.ts";
import {railroadPage} from "../../grammar/railroad.ts";
import {manual} from "./manual.ts";

/** File names with their contents. */
export function generatedFiles(): Readonly<Record<string, string>> {
  return {
    "cst.d.ts": cstTypes(),
    "quiesce.ebnf": ebnf(),
    "railroad.html": railroadPage(),
    "quiesce.tmLanguage.json": textMateGrammar(),
    "quiesce.codemirror.js": codeMirrorMode(),
    "reference.md": manual(),
  };
}

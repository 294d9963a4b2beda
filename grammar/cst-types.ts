// The types of the concrete syntax tree, from the rules.

import {generateCstDts} from "chevrotain";
import {quiesceParser} from "./parser.ts";

/** The text of a declaration file. */
export function cstTypes(): string {
  return `// Made from the rules of grammar/parser.ts by \`npm run grammar\`; do not edit.\n${generateCstDts(quiesceParser().getGAstProductions(), {includeVisitorInterface: false})}\n`;
}

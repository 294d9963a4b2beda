// Diagnostics in a notebook: carets and fixes as HTML, the terminal's form as text, and the data itself for editors.

import type {Diagnostic} from "../../lang/diagnostic.ts";
import {renderHtmls} from "../../lang/render-html.ts";
import {renderText} from "../../lang/render-text.ts";
import type {Failure} from "../kernel/outlet.ts";
import type {Bundle} from "./bundle.ts";

export function diagnosticsBundle(diagnostics: readonly Diagnostic[]): Bundle {
  const fixable = diagnostics.some(({fixes}) => fixes.length > 0);
  const hint = fixable
    ? '<div style="opacity:.7"><code>%fix</code> in a cell of its own turns into this cell, fixed</div>'
    : "";
  return {
    data: {
      "text/html": `${renderHtmls(diagnostics)}${hint}`,
      "text/plain": diagnostics.map((each) => renderText(each)).join("\n"),
    },
    metadata: {},
  };
}

/** The failure of a cell whose diagnostics have been displayed: it names them and does not repeat them. */
export function failureOfDiagnostics(diagnostics: readonly Diagnostic[]): Failure {
  const errors = diagnostics.filter(({severity}) => severity === "error");
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const ename = first?.code ?? "Error";
  const evalue = `${first?.message ?? "the cell has errors"}${more}`;
  return {
    ename,
    evalue,
    traceback: [`\u001b[31m${ename}\u001b[0m: ${evalue}; nothing was declared or run`],
  };
}

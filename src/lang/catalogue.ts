// Every diagnostic code, once: what it is called and what a user who asks about it is told. The message of a diagnostic says what is
// wrong in one place; this says what the rule is. A conformance case keeps each code's rendering.

import {checkCodes} from "./catalogue-checks.ts";
import {syntaxCodes} from "./catalogue-syntax.ts";

export interface CatalogueEntry {
  /** `E204`, `W404`. */
  readonly code: string;
  /** What is wrong, without the particulars. */
  readonly title: string;
  /** The rule behind it, in whole sentences; words of the language between backticks. */
  readonly text: string;
}

/** In the order of the codes' numbers. */
export const catalogue: readonly CatalogueEntry[] = [...syntaxCodes, ...checkCodes].toSorted(
  (a, b) => Number(a.code.slice(1)) - Number(b.code.slice(1)),
);

/** The entry of a code, in either case of its letter. */
export function explanation(code: string): CatalogueEntry | undefined {
  return catalogue.find((entry) => entry.code === code.toUpperCase());
}

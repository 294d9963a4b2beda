// A fault in the user's text, as data. Stages collect diagnostics and never throw them; the terminal, the notebook and editors render
// the same value. The texts live with the rules that report them; every code has a conformance file that fixes its wording.

import type {Source, Span} from "./syntax.ts";

export type Severity = "error" | "warning";

/** A place in a source; the caret is as wide as the span. */
export interface Place {
  readonly source: Source;
  readonly span: Span;
}

export interface Label extends Place {
  readonly text: string;
}

/**
 * Replace each span by its text. `machine` fixes are certainly what was meant and may be applied without asking; `maybe` fixes are a guess.
 */
export interface Fix {
  readonly title: string;
  readonly edits: readonly {readonly span: Span; readonly text: string}[];
  readonly applicability: "machine" | "maybe";
}

export interface Diagnostic {
  /** `E201`, `W404`. */
  readonly code: string;
  readonly severity: Severity;
  /** One plain sentence, no full stop. */
  readonly message: string;
  readonly primary: Label;
  readonly secondary: readonly Label[];
  /** What would be right: one concrete suggestion. */
  readonly help?: string;
  readonly fixes: readonly Fix[];
}

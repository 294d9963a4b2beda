// What the main thread asks of the thread that holds the TypeScript converter. `declarations` is always what earlier cells declared, in the
// converter's own form: the converter has no memory, so the caller decides what a cell may see.

import type {EmittedNames} from "./emitted-names.ts";
import type {PositionMap} from "./position-map.ts";

export type LanguageRequest =
  | {
      readonly kind: "prepare";
      readonly declarations: string;
      readonly source: string;
      readonly cell: string;
    }
  | {
      readonly kind: "complete" | "inspect";
      readonly declarations: string;
      readonly source: string;
      /** UTF-16 offset. */
      readonly offset: number;
    }
  | {readonly kind: "is-complete"; readonly source: string}
  | {readonly kind: "declared"; readonly declarations: string};

/** A compiler's complaint. Lines and columns count from 0, in UTF-16 units. */
export interface TypeScriptDiagnostic {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
  readonly code: number;
  /** A file beside the notebook that the cell imports; absent for the cell itself. */
  readonly file?: string;
}

export interface Prepared {
  readonly diagnostics: readonly TypeScriptDiagnostic[];
  /** A result of tslab's converter with guarded code; absent after an error and for a cell that only defines a module. */
  readonly converted?: {
    readonly output?: string;
    readonly declOutput?: string;
    readonly lastExpressionVar?: string;
    readonly hasToplevelAwait?: boolean;
    readonly sideOutputs?: {readonly path: string; readonly data: string}[];
  };
  readonly positions: PositionMap;
  /** Absent where nothing was emitted. */
  readonly names?: EmittedNames;
}

/** A name that cells have declared. */
export interface DeclaredName {
  readonly name: string;
  /** `variable`, `function`, `class`, `type`, `import`, … */
  readonly kind: string;
  /** The type as declared, or where it is imported from. */
  readonly type: string;
}

export interface Completion {
  readonly text: string;
  /** `function`, `property`, … */
  readonly type: string;
}

export interface Completions {
  /** UTF-16 offsets of what a candidate replaces. */
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly Completion[];
}

export interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid";
  readonly indent?: string;
}

export interface LanguageReplies {
  readonly prepare: Prepared;
  readonly complete: Completions;
  /** The text to show, or `undefined` where there is nothing to say. */
  readonly inspect: string | undefined;
  readonly "is-complete": Completeness;
  readonly declared: readonly DeclaredName[];
}

// What completion needs to know beyond the text: the names of earlier cells, imports and the prelude.

export interface CompletionName {
  readonly name: string;
  /** `mm`, `walker`, `policy`, `let`, `param`, `measure`, `experiment`, `module` ... */
  readonly kind: string;
  readonly type?: string;
  /** Where it comes from: `cell [2]`, `prelude`. */
  readonly detail?: string;
  readonly doc?: string;
}

export interface CompletionScope {
  /** Everything declared outside of the text, nearest first: newest cell, older cells, imports, prelude. */
  names(): readonly CompletionName[];
  /** What a declared scenario, experiment, policy or imported module holds, what it inherits included: entities, parameters, measures. */
  members(name: string): readonly CompletionName[];
}

/** The scope of a text that stands alone. */
export const emptyScope: CompletionScope = {names: () => [], members: () => []};

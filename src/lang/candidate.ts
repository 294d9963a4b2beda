// One completion candidate, and the words that start items.

import {entityWords} from "../../grammar/tokens.ts";
import type {CompletionName} from "./completion-scope.ts";
import type {ValueWord} from "./value-words.ts";

export interface Candidate {
  /** What is inserted. */
  readonly text: string;
  /** `field`, `enumerator`, `function`, `keyword`, `step`, `unit`, `metric`, `axis`, or the kind of the declaration it names. */
  readonly kind: string;
  /** Type of the value or of the field. */
  readonly type?: string;
  /** Signature, default, or where a name comes from. */
  readonly detail?: string;
  readonly doc?: string;
}

export function plain(text: string, kind: string, detail?: string, doc?: string): Candidate {
  return {
    text,
    kind,
    ...(detail === undefined ? {} : {detail}),
    ...(doc === undefined ? {} : {doc}),
  };
}

export function named({name, kind, type, detail, doc}: CompletionName): Candidate {
  return {...plain(name, kind, detail, doc), ...(type === undefined ? {} : {type})};
}

/** A function is offered up to its first argument. */
export function valueWord({name, signature, doc}: ValueWord): Candidate {
  if (signature === undefined) return plain(name, "value", undefined, doc);
  const text = signature.startsWith(`${name}[`)
    ? `${name}[`
    : (/^\w+\(\w+: /.exec(signature)?.[0] ?? `${name}(`);
  return plain(text, "function", signature, doc);
}

const heads: Readonly<Record<string, string>> = {
  machine: "machine NAME from BASE { cores: ... }",
  costs: "costs NAME from BASE { mb: ... }",
  mm: "mm NAME { cpus: ... }",
  walker: "walker NAME { mm: ..., every: ..., hold: ... }",
  writer: "writer NAME { mm: ..., every: ..., kind: ... }",
  bystander: "bystander NAME { on: ..., period: ..., work: ... }",
  load: "load NAME { on: ..., irq_off: ... }",
  scenario: "scenario NAME { machine: ... }",
  policy: "policy NAME from BASE { on sync { ... } }",
  experiment: "experiment NAME { scenario: ..., policy: ... }",
  let: "let NAME = VALUE",
  param: "param NAME: TYPE in RANGE = DEFAULT",
  import: 'import "FILE" as NAME',
  run: "run EXPERIMENT",
  plot: "plot MEASURE vs AXIS by AXIS as KIND",
  table: "table MEASURE, ... by AXIS of EXPERIMENT",
  check: "check safety of SCENARIO for 2 cpus, 2 walks, 1 writes under tso { policy: ... }",
  show: "show NAME",
  export: 'export "FILE" of EXPERIMENT',
  replay: 'replay "SCHEDULE" of SCENARIO',
};

const order = [
  "experiment",
  "scenario",
  "policy",
  ...entityWords,
  "let",
  "param",
  "import",
  "run",
  "plot",
  "table",
  "check",
  "show",
  "export",
  "replay",
];

/** The words that start an item, with the shape of what follows: declarations, then commands. */
export const commandWords: readonly Candidate[] = order.map((word) =>
  plain(word, "keyword", heads[word]),
);

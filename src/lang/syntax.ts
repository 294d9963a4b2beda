// The syntax tree: what `lower.ts` makes of the CST and everything else in this room reads. Readonly unions, no behaviour; every node
// has a span, a half-open range of UTF-16 offsets into its source. A tree lowered from a text with syntax errors holds the items that
// parsed; the diagnostics say what is missing.

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One text: a file, or a notebook cell. `name` is shown in messages: `thp.quiesce`, `cell [4]`. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

export interface Name extends Span {
  readonly text: string;
}

/** `hosts.lab`, `gup.hold.p99`. */
export interface Path extends Span {
  readonly names: readonly Name[];
}

export interface Program {
  readonly source: Source;
  readonly items: readonly Item[];
}

export type Item = Declaration | Command | CheckCommand | ReplayCommand;
export type Declaration = Import | Let | Param | Entity | Scenario | PolicyDeclaration | Experiment;
export type Command = Run | Plot | Table | Export | Show;

interface Documented {
  /** Text of the `///` lines before the declaration, without the slashes; absent if there are none. */
  readonly doc?: string;
}

export interface Import extends Span {
  readonly kind: "import";
  readonly file: StringLiteral;
  readonly as?: Name;
}

export interface Let extends Span, Documented {
  readonly kind: "let";
  readonly name: Name;
  readonly type?: TypeName;
  readonly value: Expr;
}

export interface Param extends Span, Documented {
  readonly kind: "param";
  readonly name: Name;
  readonly type?: TypeName;
  readonly range?: Expr;
  readonly value?: Expr;
}

export interface TypeName extends Span {
  readonly name: Name;
  readonly of?: TypeName;
}

export type EntityKind = "machine" | "costs" | "mm" | "walker" | "writer" | "bystander" | "load";

export interface Entity extends Span, Documented {
  readonly kind: "entity";
  readonly entity: EntityKind;
  readonly name: Name;
  readonly from?: Path;
  readonly fields: readonly Field[];
}

export interface Field extends Span, Documented {
  readonly kind: "field";
  readonly path: Path;
  readonly value: Expr;
}

export interface Scenario extends Span, Documented {
  readonly kind: "scenario";
  readonly name: Name;
  readonly from?: Path;
  readonly members: readonly (Field | Let | Param | Entity)[];
}

export interface PolicyDeclaration extends Span, Documented {
  readonly kind: "policy";
  readonly name: Name;
  readonly from?: Path;
  readonly members: readonly (Field | Let | Param | State | Hook)[];
}

export interface State extends Span, Documented {
  readonly kind: "state";
  readonly scope: "percpu" | "permm" | "global";
  readonly name: Name;
  readonly type?: TypeName;
  readonly value: Expr;
}

export interface Hook extends Span {
  readonly kind: "hook";
  /** `enter`, `exit`, `op`, `sync`, `ipi`; anything else is a diagnostic. */
  readonly name: Name;
  readonly steps: readonly Step[];
}

export interface Place extends Span {
  readonly path: Path;
  readonly index?: Expr;
}

/** The span of a step is the whole step; `word` is its keyword. */
export type Step =
  | (StepBase & {
      readonly step: "store" | "store_release" | "xchg";
      readonly place: Place;
      readonly value: Expr;
    })
  | (StepBase & {
      readonly step:
        | "mb"
        | "wmb"
        | "rmb"
        | "unhook"
        | "sync"
        | "release"
        | "alloc"
        | "copy"
        | "publish"
        | "abort";
    })
  | (StepBase & {readonly step: "ipi"; readonly cpu: Expr; readonly nowait: boolean})
  | (StepBase & {readonly step: "wait_acks"})
  | (StepBase & {readonly step: "wait_gp"; readonly expedited: boolean})
  | (StepBase & {readonly step: "wait_until"; readonly test: Expr; readonly how?: "spin" | "sleep"})
  | (StepBase & {
      readonly step: "defer";
      readonly expedited: boolean;
      readonly steps: readonly Step[];
    })
  | (StepBase & {readonly step: "flush"; readonly mm: Expr})
  | (StepBase & {readonly step: "delay"; readonly time: Expr})
  | (StepBase & {readonly step: "skip"; readonly when?: Expr})
  | (StepBase & {readonly step: "count"; readonly counter: Name})
  | (StepBase & {readonly step: "lock" | "unlock"; readonly lock: Name})
  | (StepBase & {
      readonly step: "if";
      readonly test: Expr;
      readonly then: readonly Step[];
      readonly else: readonly Step[];
    })
  | (StepBase & {
      readonly step: "for";
      readonly variable: Name;
      readonly of: Expr;
      readonly where?: Expr;
      readonly steps: readonly Step[];
    })
  | (StepBase & {readonly step: "let"; readonly declaration: Let});

interface StepBase extends Span {
  readonly kind: "step";
  readonly word: Span;
}

export type ExperimentMember =
  | Field
  | Let
  | Param
  | Entity
  | With
  | Sweep
  | MeasureBlock
  | Expect
  | UntilStatement
  | Compare
  | Plot
  | Table
  | Export;

export interface Experiment extends Span, Documented {
  readonly kind: "experiment";
  readonly name: Name;
  readonly from?: Path;
  readonly members: readonly ExperimentMember[];
}

export interface With extends Span {
  readonly kind: "with";
  readonly fields: readonly Field[];
}

export type SweepMode = "grid" | "zip" | "each" | "pairwise" | "random" | "lhs";

export interface Sweep extends Span {
  readonly kind: "sweep";
  /** Absent: `grid`. */
  readonly mode?: SweepMode;
  /** Of `random` and `lhs`. */
  readonly count?: NumberLiteral;
  readonly axes: readonly Field[];
  readonly where: readonly Expr[];
  readonly inner: readonly Sweep[];
}

export interface MeasureBlock extends Span {
  readonly kind: "measure";
  readonly fields: readonly Field[];
}

export interface Expect extends Span {
  readonly kind: "expect";
  readonly test: Expr;
  readonly for?: Expr;
  readonly otherwise: boolean;
  readonly at?: Expr;
}

export interface UntilStatement extends Span {
  readonly kind: "until";
  readonly test: Expr;
  readonly at?: Expr;
}

export interface Compare extends Span {
  readonly kind: "compare";
  readonly axis: Path;
  readonly against: Expr;
}

export interface Run extends Span {
  readonly kind: "run";
  readonly experiments: readonly Path[];
  readonly with?: With;
}

export interface Plot extends Span {
  readonly kind: "plot";
  readonly y: readonly Expr[];
  readonly vs?: Expr;
  readonly by: readonly Path[];
  readonly facet?: Path;
  readonly as?: Name;
  readonly of?: Path;
  readonly options: readonly Field[];
}

export interface Table extends Span {
  readonly kind: "table";
  readonly columns: readonly Expr[];
  readonly by: readonly Path[];
  readonly where?: Expr;
  readonly of?: Path;
  readonly options: readonly Field[];
}

export interface Export extends Span {
  readonly kind: "export";
  readonly file: StringLiteral;
  readonly of?: Path;
}

export interface Show extends Span {
  readonly kind: "show";
  readonly value: Expr;
}

export interface ReplayCommand extends Span {
  readonly kind: "replay";
  readonly schedule: StringLiteral;
  readonly of: Path;
  readonly options: readonly Field[];
}

export interface CheckCommand extends Span {
  readonly kind: "check";
  /** `safety`, `progress`, `deadlock`. */
  readonly property: Name;
  readonly of: Path;
  readonly scopes: readonly CheckScopeSyntax[];
  readonly under?: Name;
  readonly members: readonly (Field | With | Expect)[];
}

export interface CheckScopeSyntax extends Span {
  readonly exactly: boolean;
  readonly count: NumberLiteral;
  readonly what: Name;
}

export interface NumberLiteral extends Span {
  readonly kind: "number";
  /** The number as written, before its unit: `2.5` of `2.5us`, `40000` of `40k/s`. */
  readonly value: number;
  /** `us`, `cyc`, `%`, `GHz`, `/s`; an unknown word (E102) is kept; absent: a bare number. */
  readonly unit?: string;
  /** Whether it was written without a point or exponent. */
  readonly integer: boolean;
}

export interface StringLiteral extends Span {
  readonly kind: "string";
  readonly value: string;
}

export interface Argument extends Span {
  readonly name?: Name;
  readonly value: Expr;
}

export type BinaryOperator =
  | "or"
  | "and"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "in"
  | "not in"
  | "+"
  | "-"
  | "|"
  | "*"
  | "/"
  | "&";

export type Expr =
  | NumberLiteral
  | StringLiteral
  | (Span & {readonly kind: "bool"; readonly value: boolean})
  | (Span & {readonly kind: "name"; readonly name: string})
  | (Span & {readonly kind: "member"; readonly of: Expr; readonly name: Name})
  | (Span & {readonly kind: "call"; readonly callee: Expr; readonly args: readonly Argument[]})
  | (Span & {readonly kind: "index"; readonly of: Expr; readonly args: readonly Argument[]})
  | (Span & {readonly kind: "list"; readonly items: readonly Expr[]})
  | (Span & {
      readonly kind: "range";
      readonly lo: Expr;
      readonly hi: Expr;
      readonly spacing?: Spacing;
    })
  | (Span & {readonly kind: "unary"; readonly op: "-" | "not"; readonly of: Expr})
  | (Span & {
      readonly kind: "binary";
      readonly op: BinaryOperator;
      readonly opSpan: Span;
      readonly left: Expr;
      readonly right: Expr;
    })
  | (Span & {
      readonly kind: "within";
      readonly left: Expr;
      readonly tolerance: Expr;
      readonly of?: Expr;
    })
  | (Span & {readonly kind: "if"; readonly test: Expr; readonly then: Expr; readonly else: Expr})
  | (Span & {readonly kind: "once"; readonly of: Expr});

export type Spacing =
  | {readonly kind: "step"; readonly by: Expr}
  /** `count` absent where the sampling mode decides how many. */
  | {readonly kind: "log" | "lin"; readonly count?: NumberLiteral};

// Names. A module is a set of declarations that see each other: the prelude, an imported file, or the session, which is what all cells
// that succeeded have declared, the newest under each name. A declaration of the session keeps no module of its own: it sees the
// session as it is when it is used, which is what makes re-running a cell change what later runs mean. Modules are immutable.

import type {
  Entity,
  Experiment,
  Import,
  Let,
  Param,
  PolicyDeclaration,
  Scenario,
  Source,
  Span,
} from "./syntax.ts";

export type DeclaredKind =
  | Entity["entity"]
  | "scenario"
  | "policy"
  | "experiment"
  | "let"
  | "param";

interface DeclaredBase {
  readonly name: string;
  readonly at: Span;
  readonly source: Source;
  /** Where its names are looked up; absent: in the session. */
  readonly home?: Module;
}

interface Syntaxes extends Record<Entity["entity"], Entity> {
  readonly scenario: Scenario;
  readonly policy: PolicyDeclaration;
  readonly experiment: Experiment;
  readonly let: Let;
  readonly param: Param;
}

/** The declared of one kind, with its syntax. */
export type DeclaredAs<K extends DeclaredKind> = {
  [Kind in K]: DeclaredBase & {readonly kind: Kind; readonly syntax: Syntaxes[Kind]};
}[K];

export type Declared = DeclaredAs<DeclaredKind>;

/** A name that a failed cell would have declared. */
export interface Failure {
  readonly source: Source;
  readonly code: string;
}

export interface Imported {
  readonly module: Module;
  readonly syntax: Import;
  readonly source: Source;
}

export interface Module {
  /** `prelude`, `session`, or the path of the file. */
  readonly name: string;
  /** The reader's path of an imported file; paths in it are relative to its folder. */
  readonly file?: string;
  readonly names: ReadonlyMap<string, Declared>;
  /** `import ... as alias`. */
  readonly aliases: ReadonlyMap<string, Imported>;
  /** `import ...` without a name: its declarations are seen after this module's own. */
  readonly open: readonly Imported[];
  readonly failed: ReadonlyMap<string, Failure>;
  readonly parent?: Module;
  /** Files that it and its imports consist of, with the hash of each. */
  readonly inputs: readonly Input[];
}

export interface Input {
  readonly path: string;
  readonly sha256: string;
}

/** A module without names; `parent` is searched after it. */
export function emptyModule(name: string, parent?: Module): Module {
  return {
    name,
    names: new Map(),
    aliases: new Map(),
    open: [],
    failed: new Map(),
    inputs: [],
    ...(parent === undefined ? {} : {parent}),
  };
}

/** A declaration by name: the module's own, then open imports (the latest first), then the parent. */
export function lookup(module: Module, name: string): Declared | undefined {
  const own = module.names.get(name);
  if (own !== undefined) return own;
  for (const imported of module.open.toReversed()) {
    const found = imported.module.names.get(name);
    if (found !== undefined) return found;
  }
  return module.parent === undefined ? undefined : lookup(module.parent, name);
}

/** Every declaration that a lookup can find, nearest first, hidden ones left out. */
export function visible(module: Module): Declared[] {
  const found = new Map<string, Declared>();
  const add = (names: Iterable<Declared>): void => {
    for (const declared of names) if (!found.has(declared.name)) found.set(declared.name, declared);
  };
  add([...module.names.values()].toReversed());
  for (const imported of module.open.toReversed()) add(imported.module.names.values());
  if (module.parent !== undefined) add(visible(module.parent));
  return [...found.values()];
}

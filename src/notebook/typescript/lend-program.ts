// The last program of a notebook, lent to the next cell, so that its checker and all it knows of the libraries is used again.
//   (1) Both files of a cell are modules. A module adds nothing to the global scope, and the checker reads nothing of a module but what it
//       is asked for; so it can check a module that was not there when the checker was made.
//   (2) A program is lent only if the cell's own would consist of the same other files: the cell and the declarations before it import what
//       those of the program did, and neither they nor those of the program reach outside themselves (`declare global`,
//       `declare module "x"`, `/// <reference>`). That no file has changed is for the caller to know.
//   (3) What a checker has complained of once, it words shorter the next time, and it keeps complaints by path. So a file has a path of its
//       own and only its own complaints are passed on; and the caller judges a cell that has any again, with a program of its own.
// A lent program therefore accepts only what a program of its own accepts, and gives the same output; `shared-checker.test.ts` compares them.

import type {Compiler, SourceFile} from "./compiler.ts";

/** The parts of the compiler that are used only here. */
export interface Lender extends Compiler {
  createModeAwareCache(): Resolutions;
  bindSourceFile(file: CellFile, options: Options): void;
  isAmbientModule(node: object): boolean;
  preProcessFile(text: string): {
    readonly importedFiles: readonly {readonly fileName: string}[];
    readonly referencedFiles: readonly object[];
    readonly typeReferenceDirectives: readonly object[];
    readonly libReferenceDirectives: readonly object[];
  };
}

interface Options {
  readonly target: number;
}

interface Resolution {
  readonly resolvedModule?: {readonly resolvedFileName: string};
}

interface Resolutions {
  get(name: string, mode: undefined): Resolution | undefined;
  set(name: string, mode: undefined, resolution: Resolution): void;
  forEach(each: (resolution: Resolution, name: string) => void): void;
}

export interface CellFile extends SourceFile {
  readonly statements: readonly {readonly kind: number}[];
  readonly fileName: string;
  readonly text: string;
  readonly isDeclarationFile: boolean;
  readonly commentDirectives?: readonly object[];
  readonly referencedFiles: readonly object[];
  readonly typeReferenceDirectives: readonly object[];
  readonly libReferenceDirectives: readonly object[];
  path: string;
  resolvedPath: string;
  originalFileName: string;
  resolvedModules: Resolutions | undefined;
  imports: readonly object[];
  moduleAugmentations: readonly object[];
  ambientModuleNames: readonly string[];
}

export interface Program {
  getCompilerOptions(): Options;
  getSourceFiles(): readonly CellFile[];
  getSourceFile(name: string): CellFile | undefined;
  getSemanticDiagnostics(file: object, ...rest: unknown[]): readonly {readonly file?: object}[];
  emit(file: object, ...rest: unknown[]): unknown;
}

/** What tslab asks of a program. */
export interface Builder {
  getProgram(): Program;
  getSourceFile(name: string): CellFile | undefined;
  getAllDependencies(file: object): readonly string[];
  emit(file: object, ...rest: unknown[]): unknown;
}

/** The two files of a cell, by the names that tslab gives them: the cell itself and what earlier cells declared. */
export const cellFiles: RegExp = /\/(?:__tslab__|__prev__\.d)\.ts$/;

/** `last` for the texts that `read` gives now; `undefined` where it cannot be lent. `loan` tells the loans of a program apart. */
export function lendProgram(
  compiler: Lender,
  last: Builder,
  read: (name: string) => string,
  loan: number,
): Builder | undefined {
  const program = last.getProgram();
  const before = program.getSourceFiles().filter(({fileName}) => cellFiles.test(fileName));
  if (before.some(reachesOut)) return undefined;
  const known = new Map<string, Resolution>();
  for (const {resolvedModules} of before) {
    resolvedModules?.forEach((resolution, name) => {
      known.set(name, resolution);
    });
  }
  const wanted = new Set<string>();
  const files = new Map<string, CellFile>();
  for (const {fileName, path} of before) {
    const text = read(fileName);
    const names = importsOf(compiler, text);
    if (names?.every((name) => known.has(name)) !== true) return undefined;
    const file = parse(compiler, program.getCompilerOptions(), fileName, text);
    if (
      file.commentDirectives !== undefined ||
      file.statements.some((node) => compiler.isAmbientModule(node))
    ) {
      return undefined;
    }
    file.path = path.replace(/(?=\.(?:d\.)?ts$)/, `.${loan}`);
    file.resolvedPath = file.path;
    file.originalFileName = fileName;
    file.resolvedModules = compiler.createModeAwareCache();
    for (const name of names) {
      wanted.add(name);
      const resolution = known.get(name)!;
      file.resolvedModules.set(name, undefined, resolution);
      if (!file.isDeclarationFile && !isDeclared(last, resolution)) return undefined;
    }
    compiler.bindSourceFile(file, program.getCompilerOptions());
    files.set(fileName, file);
  }
  if (wanted.size !== known.size) return undefined;

  const lent: Program = Object.assign(Object.create(program) as Program, {
    getSemanticDiagnostics: (file: object, ...rest: unknown[]) =>
      program.getSemanticDiagnostics(file, ...rest).filter((each) => each.file === file),
  });
  return {
    getProgram: () => lent,
    getSourceFile: (name) => files.get(name) ?? program.getSourceFile(name),
    // Of the files that a cell depends on tslab compiles those that are not declarations; here there is none but the cell.
    getAllDependencies: (file) => [(file as CellFile).fileName],
    emit: (file, ...rest) => program.emit(file, ...rest),
  };
}

/** The modules that a text names; `undefined` when it brings files into the program in another way. */
function importsOf(compiler: Lender, text: string): readonly string[] | undefined {
  if (!/\b(?:import|from)\b|\/\/\//.test(text)) return [];
  const found = compiler.preProcessFile(text);
  const references = [
    found.referencedFiles,
    found.typeReferenceDirectives,
    found.libReferenceDirectives,
  ];
  if (references.some(({length}) => length > 0)) return undefined;
  return found.importedFiles.map(({fileName}) => fileName);
}

function parse(compiler: Lender, options: Options, name: string, text: string): CellFile {
  const file = compiler.createSourceFile(name, text, options.target) as CellFile;
  file.imports = [];
  file.moduleAugmentations = [];
  file.ambientModuleNames = [];
  return file;
}

function reachesOut(file: CellFile): boolean {
  return (
    file.moduleAugmentations.length > 0 ||
    file.ambientModuleNames.length > 0 ||
    file.referencedFiles.length > 0 ||
    file.typeReferenceDirectives.length > 0 ||
    file.libReferenceDirectives.length > 0
  );
}

/** Whether a module and everything it imports are declarations alone, which need not be compiled. */
function isDeclared(last: Builder, {resolvedModule}: Resolution): boolean {
  if (resolvedModule === undefined) return true; // declared by another module, like `node:fs`
  const file = last.getProgram().getSourceFile(resolvedModule.resolvedFileName);
  if (file === undefined) return true; // JavaScript without declarations
  return last
    .getAllDependencies(file)
    .every((name) => name.endsWith(".d.ts") || name.endsWith(".json"));
}

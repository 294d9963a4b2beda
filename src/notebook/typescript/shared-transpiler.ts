// tslab turns the modules that the compiler emits into CommonJS by `transpileModule`, which makes a program and a type checker for a text
// whose types nobody asks for. Here one empty program is made and emits every text, by the same right as in `lend-program.ts`: a module
// adds nothing to what the checker knows, and without libraries there is nothing else to know.

import type {CellFile, Lender, Program} from "./lend-program.ts";

export interface Transpiling extends Lender {
  createProgram(names: readonly string[], options: object, host: object): Program;
  transpileModule(input: string, request: TranspileRequest): {readonly outputText: string};
}

interface TranspileRequest {
  readonly fileName: string;
  readonly compilerOptions: {readonly target: number};
}

/** A program keeps what it checked; after so many texts a new one is made. */
const mostTexts = 200;

/** `transpileModule` as tslab calls it: one name, one set of options, nothing asked for but the text. */
export function sharedTranspiler(compiler: Transpiling): Transpiling["transpileModule"] {
  let program: Program | undefined;
  let texts = 0;
  return (input, {fileName, compilerOptions}) => {
    const options = {
      ...compilerOptions,
      isolatedModules: true,
      noLib: true,
      noResolve: true,
      suppressOutputPathCheck: true,
      allowNonTsExtensions: true,
    };
    if (program === undefined || texts >= mostTexts) {
      program = compiler.createProgram([], options, emptyHost);
      texts = 0;
    }
    const file = compiler.createSourceFile(fileName, input, options.target) as CellFile;
    file.path = `${texts++}.js`;
    file.resolvedPath = file.path;
    file.originalFileName = fileName;
    file.imports = [];
    file.moduleAugmentations = [];
    file.ambientModuleNames = [];
    compiler.bindSourceFile(file, options);
    let outputText: string | undefined;
    program.emit(file, (_name: string, text: string) => {
      outputText = text;
    });
    if (outputText === undefined) throw new Error("the compiler emitted nothing");
    return {outputText};
  };
}

const emptyHost: object = {
  getSourceFile: () => undefined,
  getDefaultLibFileName: () => "lib.d.ts",
  useCaseSensitiveFileNames: () => false,
  getCanonicalFileName: (name: string) => name,
  getCurrentDirectory: () => "",
  getNewLine: () => "\n",
  fileExists: () => false,
  readFile: () => "",
  directoryExists: () => true,
  getDirectories: () => [],
};

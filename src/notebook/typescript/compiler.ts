// The TypeScript that tslab brings (its own fork, 5.0.4), reached through tslab so that it is the copy tslab uses. Only the few functions
// needed here are described: the package's own declarations are not ours to depend on.

import {createRequire} from "node:module";

export interface TextNode {
  readonly kind: number;
  readonly end: number;
  getStart(file: TextNode): number;
}

export interface LoopNode extends TextNode {
  readonly statement: TextNode;
}

export interface SourceFile extends TextNode {
  readonly parseDiagnostics: readonly {
    readonly start: number;
    readonly length: number;
    readonly code: number;
    readonly messageText: unknown;
  }[];
}

export interface Scanner {
  setText(text: string): void;
  scan(): number;
  getTokenPos(): number;
  getTokenText(): string;
}

export interface System {
  readonly getCurrentDirectory: () => string;
  [member: string]: unknown;
}

export interface Compiler {
  readonly version: string;
  readonly sys: System;
  readonly SyntaxKind: Readonly<Record<string, number>>;
  readonly ScriptTarget: {readonly Latest: number};
  createSourceFile(
    name: string,
    text: string,
    target: number,
    setParents?: boolean,
    kind?: number,
  ): SourceFile;
  createScanner(target: number, skipTrivia: boolean): Scanner;
  forEachChild(node: TextNode, visit: (child: TextNode) => void): void;
}

const fromHere = createRequire(import.meta.url);
export const tslabRequire: NodeJS.Require = createRequire(
  fromHere.resolve("tslab/dist/converter.js"),
);

/** Loads the compiler: about 0.3 s of processor time, once a thread. */
export function loadCompiler(): Compiler {
  return tslabRequire("@tslab/typescript-for-tslab") as Compiler;
}

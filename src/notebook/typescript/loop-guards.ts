// A loop that runs after an `await` is out of reach of `vm`'s interrupt, and a signal handler cannot run while it runs. So every loop of a
// cell asks on each turn whether it is to stop: a plain read of shared memory, 3–4 ns a turn (an `Atomics.load` costs ten times that, and
// the word only ever changes from 0 to 1 while a cell runs, so a late read does no harm).
//
// Guards are inserted into the emitted JavaScript as text, never with a line break, so that the lines of an error stay those of the code.

import type {Compiler, LoopNode, TextNode} from "./compiler.ts";

/** The name under which the running code finds its guard; see `guard-hook.ts`. */
export const guardName = "__quiesce_guard";

export interface Insertion {
  /** Offset in the text before any insertion. */
  readonly at: number;
  readonly text: string;
}

/** What to insert into `code` so that each of its loops can be stopped, in order of position. */
export function loopGuards(compiler: Compiler, code: string): readonly Insertion[] {
  const kinds = compiler.SyntaxKind;
  const loops = new Set([
    kinds.ForStatement,
    kinds.ForInStatement,
    kinds.ForOfStatement,
    kinds.WhileStatement,
    kinds.DoStatement,
  ]);
  const check = `if(${guardName}.words[1]===1||${guardName}.stopped)${guardName}.stop();`;
  const file = compiler.createSourceFile("cell.js", code, compiler.ScriptTarget.Latest, false, 1);
  const insertions: Insertion[] = [];
  const visit = (node: TextNode): void => {
    if (loops.has(node.kind)) {
      const body = (node as LoopNode).statement;
      const start = body.getStart(file);
      if (body.kind === kinds.Block) insertions.push({at: start + 1, text: check});
      else insertions.push({at: start, text: `{${check}`}, {at: body.end, text: "}"});
    }
    compiler.forEachChild(node, visit);
  };
  visit(file);
  return insertions.sort((a, b) => a.at - b.at);
}

/** `code` with all insertions made. */
export function insertAll(code: string, insertions: readonly Insertion[]): string {
  let out = "";
  let from = 0;
  for (const {at, text} of insertions) {
    out += code.slice(from, at) + text;
    from = at;
  }
  return out + code.slice(from);
}

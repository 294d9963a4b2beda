// A loop that runs after an `await` is out of reach of `vm`'s interrupt, and a signal handler cannot run while it runs. So every loop of a
// cell asks on each turn whether it is to stop: two plain reads of shared memory, 3–4 ns a turn (an `Atomics.load` costs ten times that; a
// late read does no harm, since the cell that is to stop stays so).
//
// Besides, the code says when it enters and when it leaves the part in which a SIGINT ends it and nothing else (`shared-state.ts`): it
// enters with its first line, and leaves at its end and before each `await` of its own.
//
// All this is inserted into the emitted JavaScript as text, never with a line break, so that the lines of an error stay those of the code.

import type {Compiler, LoopNode, TextNode} from "./compiler.ts";

/** The name under which the running code finds its guard; see `guard-hook.ts`. */
export const guardName = "__quiesce_guard";

export interface Insertion {
  /** Offset in the text before any insertion. */
  readonly at: number;
  readonly text: string;
}

/** What to insert into `code`, the body of a function, in order of position. */
export function loopGuards(compiler: Compiler, code: string): readonly Insertion[] {
  const kinds = compiler.SyntaxKind;
  const loops = new Set([
    kinds.ForStatement,
    kinds.ForInStatement,
    kinds.ForOfStatement,
    kinds.WhileStatement,
    kinds.DoStatement,
  ]);
  const functions = new Set([
    kinds.FunctionDeclaration,
    kinds.FunctionExpression,
    kinds.ArrowFunction,
    kinds.MethodDeclaration,
    kinds.Constructor,
    kinds.GetAccessor,
    kinds.SetAccessor,
    kinds.ClassStaticBlockDeclaration,
  ]);
  const check = `if(${guardName}.words[0]===${guardName}.words[1]||${guardName}.stopped)${guardName}.stop();`;
  // Only in a function of its own is `await` what it will be.
  const head = "async()=>{";
  const text = `${head}${code}\n}`;
  const file = compiler.createSourceFile("cell.js", text, compiler.ScriptTarget.Latest, false, 1);
  const hook = `const ${guardName}=globalThis[Symbol.for("quiesce.guard")]?.enter();try{`;
  const insertions: Insertion[] = [{at: 0, text: hook}];
  const insert = (at: number, what: string): void => {
    insertions.push({at: at - head.length, text: what});
  };
  // What is opened is inserted before what is inside, what is closed after it.
  const visit = (node: TextNode, depth: number): void => {
    const inside = functions.has(node.kind) ? depth + 1 : depth;
    const children = (): void => compiler.forEachChild(node, (child) => visit(child, inside));
    if (loops.has(node.kind)) {
      const body = (node as LoopNode).statement;
      const start = body.getStart(file);
      const block = body.kind === kinds.Block;
      insert(block ? start + 1 : start, block ? check : `{${check}`);
      children();
      if (!block) insert(body.end, "}");
    } else if (node.kind === kinds.AwaitExpression && depth === 1) {
      const {expression} = node as TextNode & {readonly expression: TextNode};
      insert(expression.getStart(file), `${guardName}.leave(`);
      children();
      insert(expression.end, ")");
    } else children();
  };
  visit(file, 0);
  insertions.push({at: code.length, text: `}finally{${guardName}?.leave();}`});
  // Equal positions keep their order.
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

// What the formatter asks the concrete tree: which tokens start a member of a block (or an item), which brackets and signs stand tight
// against their neighbour, and which braces belong together. Positions are start offsets.

import type {CstNode, IToken} from "chevrotain";

export interface Layout {
  readonly items: ReadonlySet<number>;
  readonly members: ReadonlySet<number>;
  /** No space before: the bracket of a call or an index, the signs of `List<T>`. */
  readonly tightBefore: ReadonlySet<number>;
  /** No space after: a minus sign, `<` of a type. */
  readonly tightAfter: ReadonlySet<number>;
}

const members = new Set([
  "scenarioMember",
  "policyMember",
  "experimentMember",
  "checkMember",
  "sweepMember",
  "step",
]);

/** Iterative, so that it may walk any tree. */
export function layoutOf(root: CstNode): Layout {
  const found = {
    items: new Set<number>(),
    members: new Set<number>(),
    tightBefore: new Set<number>(),
    tightAfter: new Set<number>(),
  };
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const start = node.location?.startOffset ?? 0;
    if (node.name === "item") found.items.add(start);
    if (members.has(node.name)) found.members.add(start);
    for (const [key, children] of Object.entries(node.children)) {
      for (const child of children) {
        if (!("image" in child)) {
          if (node.name === "fieldBlock" && key === "field")
            found.members.add(child.location?.startOffset ?? 0);
          pending.push(child);
        } else note(node.name, key, child, found);
      }
    }
  }
  return found;
}

function note(
  rule: string,
  key: string,
  token: IToken,
  found: {readonly tightBefore: Set<number>; readonly tightAfter: Set<number>},
): void {
  const at = token.startOffset;
  if ((rule === "suffix" || rule === "place") && (key === "LParen" || key === "LSquare"))
    found.tightBefore.add(at);
  if (rule === "unary" && key === "Minus") found.tightAfter.add(at);
  if (rule === "type" && (key === "Less" || key === "Greater")) {
    found.tightBefore.add(at);
    if (key === "Less") found.tightAfter.add(at);
  }
}

// The grammar as a recursive transition network: what may come next after any sequence of tokens.
//
// Each rule of the parser is compiled once into states and edges. A position in a parse is a state and the stack of states to return
// to; since a prefix may be read in several ways, the network walks with a set of positions at once. Stacks are shared and interned,
// so that equal positions are one object and the set stays small (some tens, whatever the nesting).
//
// Unlike the parser, which commits after two tokens, the network finds the first token that no reading of the prefix allows, and all
// the tokens that would be allowed there. Messages and completion need exactly this; the parser's look-ahead gates are not modelled,
// so the network accepts a little more than the parser (a comma before a field named like a column).

import {
  Alternation,
  type Alternative,
  type IProduction,
  NonTerminal,
  Option,
  Repetition,
  type Rule,
  Terminal,
  type TokenType,
} from "chevrotain";
import {quiesceParser} from "./parser.ts";

interface State {
  readonly id: number;
  readonly rule: string;
  readonly edges: Edge[];
  final: boolean;
}

type Edge =
  | {readonly kind: "empty"; readonly to: State}
  | {readonly kind: "token"; readonly token: TokenType; readonly to: State}
  | {readonly kind: "rule"; readonly rule: string; readonly to: State};

interface Stack {
  readonly id: number;
  readonly back: State;
  readonly below: Stack | undefined;
}

interface Position {
  readonly state: State;
  readonly stack: Stack | undefined;
  /** Rules entered since the last token. */
  readonly begun: number;
}

interface Ready {
  readonly token: TokenType;
  readonly to: State;
  readonly stack: Stack | undefined;
  readonly begun: number;
}

/** A token type that may come next. */
export interface Expected {
  readonly token: TokenType;
  /** The rules it would be read in, innermost first. */
  readonly rules: readonly string[];
  /** How many of them it would be the first token of. */
  readonly begun: number;
}

let network: ReadonlyMap<string, State> | undefined;

/** A walk through the grammar, one token at a time. */
export class Walk {
  private interned = new Map<number, Stack>();
  private ready: readonly Ready[] = [];
  /** Whether what was read so far is a whole instance of the start rule. */
  complete = false;

  constructor(start = "program") {
    network ??= build();
    this.settle([{state: network.get(start) as State, stack: undefined, begun: 1}]);
  }

  /** Another walk that has read the same tokens and goes on by itself. */
  fork(): Walk {
    const walk = new Walk();
    // Stacks are only ever added, so the walks may share them.
    walk.interned = this.interned;
    walk.ready = this.ready;
    walk.complete = this.complete;
    return walk;
  }

  /** Reads one token; false, and nothing changes, if no reading of the prefix allows it. */
  read(type: TokenType): boolean {
    const next: Position[] = [];
    for (const {token, to, stack} of this.ready)
      if (isA(type, token)) next.push({state: to, stack, begun: 0});
    if (next.length === 0) return false;
    this.settle(next);
    return true;
  }

  /** Whether `type` may come next. */
  allows(type: TokenType): boolean {
    return this.ready.some(({token}) => isA(type, token));
  }

  /** The token types that may come next, categories as such, each with the rules around it; one entry for every reading. */
  expected(): readonly Expected[] {
    return this.ready.map(({token, to, stack, begun}) => {
      const rules = [to.rule];
      for (let at = stack; at !== undefined; at = at.below) rules.push(at.back.rule);
      return {token, rules, begun};
    });
  }

  // Follows the edges that read nothing, into rules and out of them, up to the tokens.
  private settle(from: readonly Position[]): void {
    const seen = new Set<number>();
    const ready: Ready[] = [];
    this.complete = false;
    const pending = from.slice();
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      const {state, stack, begun} = at;
      const key = state.id + stateLimit * (stack?.id ?? 0);
      if (seen.has(key)) continue;
      seen.add(key);
      for (const edge of state.edges) {
        if (edge.kind === "empty") pending.push({state: edge.to, stack, begun});
        else if (edge.kind === "token") ready.push({token: edge.token, to: edge.to, stack, begun});
        else {
          const start = network?.get(edge.rule) as State;
          pending.push({state: start, stack: this.push(edge.to, stack), begun: begun + 1});
        }
      }
      if (state.final) {
        if (stack === undefined) this.complete = true;
        else pending.push({state: stack.back, stack: stack.below, begun: Math.max(0, begun - 1)});
      }
    }
    this.ready = ready;
  }

  private push(back: State, below: Stack | undefined): Stack {
    const key = back.id + stateLimit * (below?.id ?? 0);
    let stack = this.interned.get(key);
    if (stack === undefined) {
      stack = {id: this.interned.size + 1, back, below};
      this.interned.set(key, stack);
    }
    return stack;
  }
}

/** Whether a token of type `type` is one of `wanted`, a type or a category. */
export function isA(type: TokenType, wanted: TokenType): boolean {
  return type === wanted || (type.CATEGORIES ?? []).includes(wanted);
}

// More states than the grammar will ever have; keys of positions are `state + stateLimit * stack`.
const stateLimit = 2 ** 16;

function build(): ReadonlyMap<string, State> {
  const starts = new Map<string, State>();
  let count = 0;
  const state = (rule: string): State => ({id: count++, rule, edges: [], final: false});

  // Adds the states for `parts` in sequence after `from`; gives the state behind them.
  const sequence = (rule: string, parts: readonly IProduction[], from: State): State =>
    parts.reduce((at, part) => production(rule, part, at), from);

  const production = (rule: string, part: IProduction, from: State): State => {
    const to = state(rule);
    if (part instanceof Terminal) {
      from.edges.push({kind: "token", token: part.terminalType, to});
    } else if (part instanceof NonTerminal) {
      from.edges.push({kind: "rule", rule: part.nonTerminalName, to});
    } else if (part instanceof Alternation) {
      for (const alternative of part.definition as Alternative[])
        sequence(rule, alternative.definition, from).edges.push({kind: "empty", to});
    } else {
      const {definition} = part as Option | Repetition;
      if (part instanceof Repetition) {
        // A state of its own, so that the loop cannot reach back into what stands before it.
        const head = state(rule);
        from.edges.push({kind: "empty", to: head});
        sequence(rule, definition, head).edges.push({kind: "empty", to: head});
        head.edges.push({kind: "empty", to});
      } else if (part instanceof Option) {
        sequence(rule, definition, from).edges.push({kind: "empty", to});
        from.edges.push({kind: "empty", to});
      } else {
        throw new TypeError("The grammar uses a production that the network does not know");
      }
    }
    return to;
  };

  const rules: Record<string, Rule> = quiesceParser().getGAstProductions();
  for (const [name, rule] of Object.entries(rules)) {
    const start = state(name);
    starts.set(name, start);
    sequence(name, rule.definition, start).final = true;
  }
  if (count >= stateLimit) throw new RangeError(`The grammar has ${count} states`);
  return starts;
}

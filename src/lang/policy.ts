// A policy and its ancestors: hooks override as a whole, fields, params and states one by one. Expressions see the policy's own params
// and lets, the machine in effect, and globals; never the names of a scenario.

import {hookNames} from "../../grammar/schema.ts";
import type {HookName} from "../plan/policy.ts";
import {chainOf} from "./chain.ts";
import {type DeclaredAs, lookup, type Module} from "./environment.ts";
import {evaluate} from "./evaluate.ts";
import type {FieldSet} from "./field.ts";
import {type MachineInstance, machineInstance} from "./machine.ts";
import {letValue, paramValue} from "./param.ts";
import {lineAt, tell} from "./report.ts";
import type {Context, NameOffer, Scope} from "./scope.ts";
import {type Assignment, type ParamInstance, remember, type Study} from "./study.ts";
import type {Hook, Let, Source, State} from "./syntax.ts";
import {errorValue, type Value} from "./value.ts";

interface Placed<T> {
  readonly syntax: T;
  readonly source: Source;
  readonly home: Module;
}

export interface PolicyInstance {
  readonly declared: DeclaredAs<"policy">;
  readonly chain: readonly DeclaredAs<"policy">[];
  /** `covers`, `requires`, `fallback`, `free`, `unshare`, `collapse`. */
  readonly fields: FieldSet;
  /** `walker.revalidate: pud`, `writer.batch: 32`. */
  readonly entityFields: readonly Assignment[];
  readonly params: ReadonlyMap<string, ParamInstance>;
  readonly lets: ReadonlyMap<string, Placed<Let>>;
  readonly states: ReadonlyMap<string, Placed<State>>;
  readonly hooks: ReadonlyMap<HookName, Placed<Hook>>;
  scope(source: Source, home: Module): Scope;
  machine(): MachineInstance | undefined;
}

export interface PolicyUse {
  readonly context: Context;
  readonly study?: Study;
  /** The machine in effect; a policy checked on its own is read against a stand-in. */
  readonly machine: () => MachineInstance | undefined;
  /** What the study assigns to its params. */
  readonly assignments?: readonly Assignment[];
}

export function policyInstance(declared: DeclaredAs<"policy">, use: PolicyUse): PolicyInstance {
  const {context, study} = use;
  const chain = chainOf(declared, context);
  const fields: Assignment[] = [];
  const entityFields: Assignment[] = [];
  const params = new Map<string, ParamInstance>();
  const lets = new Map<string, Placed<Let>>();
  const states = new Map<string, Placed<State>>();
  const hooks = new Map<HookName, Placed<Hook>>();
  const busy = new Set<string>();
  const instance: PolicyInstance = {
    declared,
    chain,
    fields: {
      owner: "policy",
      name: declared.name,
      assignments: fields,
      scope: scopeIn(declared.source, declared.home ?? context.session),
      ...(study === undefined ? {} : {study}),
    },
    entityFields,
    params,
    lets,
    states,
    hooks,
    scope: scopeIn,
    machine: use.machine,
  };
  for (const [level, one] of chain.entries()) {
    const home = one.home ?? context.session;
    const {source} = one;
    const scope = scopeIn(source, home);
    for (const member of one.syntax.members) {
      switch (member.kind) {
        case "field": {
          const head = member.path.names[0]?.text;
          const assignment: Assignment = {
            path: member.path.names,
            expr: member.value,
            scope,
            level,
            origin: "declared",
          };
          if (head === "walker" || head === "writer") entityFields.push(assignment);
          else fields.push(assignment);
          break;
        }
        case "let":
          lets.set(member.name.text, {syntax: member, source, home});
          break;
        case "param": {
          const earlier = params.get(member.name.text);
          const assignments = [...(earlier?.assignments ?? [])];
          if (member.value !== undefined)
            assignments.push({path: [], expr: member.value, scope, level, origin: "declared"});
          params.set(member.name.text, {syntax: member, source, home, level, assignments});
          break;
        }
        case "state":
          states.set(member.name.text, {syntax: member, source, home});
          break;
        case "hook":
          if ((hookNames as readonly string[]).includes(member.name.text))
            hooks.set(member.name.text as HookName, {syntax: member, source, home});
          break;
      }
    }
  }
  for (const one of use.assignments ?? []) {
    const param = params.get(one.path[0]?.text ?? "");
    param?.assignments.push({...one, path: one.path.slice(1), level: one.level + 1e6});
  }
  return instance;

  function scopeIn(source: Source, home: Module): Scope {
    return {
      context,
      source,
      home,
      find: (name, at) => {
        const param = params.get(name);
        if (param !== undefined)
          return once(name, () =>
            paramValue(param, scopeIn(param.source, param.home), study, study === undefined),
          );
        const constant = lets.get(name);
        if (constant !== undefined) {
          if (busy.has(name)) {
            tell(
              context.report,
              "E207",
              `\`${name}\` is built from itself`,
              at,
              "its value is needed to compute it",
              {
                help: "break the circle",
              },
            );
            return errorValue;
          }
          busy.add(name);
          try {
            const scope = scopeIn(constant.source, constant.home);
            return letValue(constant.syntax, evaluate(constant.syntax.value, scope), scope);
          } finally {
            busy.delete(name);
          }
        }
        return undefined;
      },
      offers: () => offersOf(instance, source),
      machine: () => use.machine()?.facts,
    };
  }

  function once(name: string, compute: () => Value): Value {
    return study === undefined
      ? compute()
      : remember(study, `policy ${declared.name} ${name}`, compute);
  }
}

function offersOf(policy: PolicyInstance, source: Source): NameOffer[] {
  const offers: NameOffer[] = [];
  const add = (name: string, kind: string, from: Source, start: number): void => {
    offers.push({name, kind, where: from === source ? `line ${lineAt(from, start)}` : from.name});
  };
  for (const [name, one] of policy.params) add(name, "param", one.source, one.syntax.name.start);
  for (const [name, one] of policy.lets) add(name, "let", one.source, one.syntax.name.start);
  for (const [name, one] of policy.states) add(name, "state", one.source, one.syntax.name.start);
  return offers;
}

/** The machine that a policy is read against when no study says which: four plain CPUs of the prelude. */
export function standInMachine(context: Context): MachineInstance | undefined {
  const declared = lookup(context.session, "flat_4");
  return declared?.kind === "machine" ? machineInstance(declared, context) : undefined;
}

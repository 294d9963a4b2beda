// Policies in force: delegation by writer kind, `requires` and its fallback, then the hooks of the leaf that is left.

import type {HookName, Policy, PolicyState, PolicyStep, WriterKind} from "../plan/policy.ts";
import {inferCovers} from "./covers.ts";
import type {Place} from "./diagnostic.ts";
import type {DeclaredAs} from "./environment.ts";
import {evaluate} from "./evaluate.ts";
import {fieldFitted} from "./field.ts";
import {lowerHook} from "./lower-hook.ts";
import {type HookType, lowerExpr, stateType} from "./lower-policy-expr.ts";
import {type PolicyInstance, policyInstance} from "./policy.ts";
import {tell, textOf} from "./report.ts";
import {placeIn, type Scope} from "./scope.ts";
import {assigned, type EntityInstance, remember, type Study} from "./study.ts";
import {studyMachine, studyScope} from "./study-scope.ts";

/** A policy as a study sees it: its params as `with` and `sweep` set them. */
export function policyIn(
  study: Study,
  declared: DeclaredAs<"policy">,
  inForce: boolean,
): PolicyInstance {
  return remember(study, `policy ${declared.name} ${inForce}`, () => {
    const named = study.policyParams.get(declared.name) ?? [];
    // `policy.limit` reaches the policy of the experiment, whichever it is.
    const here = inForce
      ? study.settings
          .filter((one) => one.path.length > 1 && one.path[0]?.text === "policy")
          .map((one) => ({...one, path: one.path.slice(1)}))
      : [];
    return policyInstance(declared, {
      context: study.context,
      study,
      machine: () => studyMachine(study),
      assignments: [...here, ...named],
    });
  });
}

export interface LeafChoice {
  /** The leaf that runs, as the plan stores it. */
  readonly leaf: Policy;
  /** Leaves that it falls back on, and they in turn. */
  readonly fallbacks: readonly Policy[];
  /** Every policy on the way from the one named to the leaf; they may set fields of entities. */
  readonly through: readonly PolicyInstance[];
}

/** The leaf policy that runs for a writer of this kind; undefined after a report. */
export function chooseLeaf(
  study: Study,
  declared: DeclaredAs<"policy">,
  kind: WriterKind,
  writer: EntityInstance | undefined,
  at: Place,
  seen: readonly string[] = [],
): LeafChoice | undefined {
  const {report} = study.context;
  const policy = policyIn(study, declared, seen.length === 0);
  if (seen.includes(declared.name)) {
    tell(
      report,
      "E207",
      `\`${declared.name}\` delegates to itself`,
      {source: declared.source, span: declared.at},
      [...seen, declared.name].join(" -> "),
      {
        help: "remove one of the delegations",
      },
    );
    return undefined;
  }
  const onward = (field: string): LeafChoice | undefined => {
    const target = fieldFitted(policy.fields, field);
    if (target === undefined || target === "absent" || target.t !== "declared") return undefined;
    const choice = chooseLeaf(study, target.declared as DeclaredAs<"policy">, kind, writer, at, [
      ...seen,
      declared.name,
    ]);
    return choice && {...choice, through: [policy, ...choice.through]};
  };
  if (assigned(policy.fields.assignments, [kind]).base !== undefined) return onward(kind);
  const failed = unmet(study, policy, writer);
  if (failed === "error") return undefined;
  if (failed !== undefined) {
    if (assigned(policy.fields.assignments, ["fallback"]).base !== undefined)
      return onward("fallback");
    tell(
      report,
      "E408",
      `policy \`${declared.name}\` cannot run here`,
      at,
      `requires \`${failed}\``,
      {
        help: "give it a `fallback:`, or choose another policy",
      },
    );
    return undefined;
  }
  const leaf = leafOf(study, policy);
  if (leaf === undefined) return undefined;
  const fallback = leaf.fallback === undefined ? undefined : onward("fallback");
  if (leaf.fallback !== undefined && fallback === undefined) return undefined;
  return {
    leaf: fallback === undefined ? leaf : {...leaf, fallback: fallback.leaf.name},
    fallbacks: fallback === undefined ? [] : [fallback.leaf, ...fallback.fallbacks],
    through: [policy],
  };
}

/** The text of the `requires` that does not hold. */
function unmet(
  study: Study,
  policy: PolicyInstance,
  writer: EntityInstance | undefined,
): string | "error" | undefined {
  const {base} = assigned(policy.fields.assignments, ["requires"]);
  if (base === undefined) return undefined;
  const walkers = [...study.entities.values()].filter((entity) => entity.kind === "walker");
  for (const walker of walkers.length === 0 ? [undefined] : walkers) {
    const scope: Scope = {
      ...base.scope,
      find: (name, at) => {
        if (name === "walker" && walker !== undefined) return {t: "entity", entity: walker};
        if (name === "writer" && writer !== undefined) return {t: "entity", entity: writer};
        return base.scope.find?.(name, at);
      },
      field: fieldOfEntity(study),
    };
    const value = evaluate(base.expr, scope);
    if (value.t === "error") return "error";
    if (value.t !== "bool") {
      tell(
        study.context.report,
        "E301",
        "`requires` wants a condition",
        placeIn(base.scope, base.expr),
        "not a condition",
        {
          help: "`requires: machine.tlb == ipi`",
        },
      );
      return "error";
    }
    if (!value.value) return textOf(base.scope.source, base.expr);
  }
  return undefined;
}

function fieldOfEntity(study: Study): NonNullable<Scope["field"]> {
  const scope = studyScope(study, {name: "", text: ""}, study.context.session);
  return (entity, name, at) => scope.field?.(entity, name, at) ?? {t: "error"};
}

/** The hooks and states of one policy as the plan stores them; undefined after a report. */
export function leafOf(study: Study | undefined, policy: PolicyInstance): Policy | undefined {
  const compute = (): Policy | undefined => lowerPolicy(policy);
  return study === undefined ? compute() : remember(study, `leaf ${policy.declared.name}`, compute);
}

function lowerPolicy(policy: PolicyInstance): Policy | undefined {
  const states = [...policy.states.keys()].map((name) => lowerState(policy, name));
  const hooks: Partial<Record<HookName, readonly PolicyStep[]>> = {};
  let whole = true;
  let carried: ReadonlyMap<string, HookType> = new Map();
  for (const name of ["enter", "exit", "op", "sync", "ipi"] as const) {
    if (!policy.hooks.has(name)) continue;
    const lowered = lowerHook(policy, name, name === "exit" ? carried : new Map());
    if (lowered === undefined) {
      whole = false;
      continue;
    }
    hooks[name] = lowered.steps;
    if (name === "enter") carried = lowered.locals;
  }
  const covers = coversOf(policy, hooks);
  if (!whole || covers === undefined || states.some((state) => state === undefined))
    return undefined;
  const fallback = assigned(policy.fields.assignments, ["fallback"]).base;
  return {
    name: policy.declared.name,
    states: (states as PolicyState[]).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    hooks,
    covers,
    ...(fallback === undefined ? {} : {fallback: "fallback"}),
  };
}

/** The claim of the policy, or what its hooks let one infer. */
function coversOf(policy: PolicyInstance, hooks: Policy["hooks"]): WriterKind[] | undefined {
  const claim = fieldFitted(policy.fields, "covers");
  if (claim === undefined) return undefined;
  const order: readonly WriterKind[] = ["free", "unshare", "collapse"];
  if (claim !== "absent" && claim.t === "list") {
    const names = claim.items.map((item) => (item.t === "text" ? item.value : ""));
    return order.filter((kind) => names.includes(kind));
  }
  const machine = policy.machine();
  const tlb = machine === undefined ? undefined : fieldFitted(machine.fields, "tlb");
  const kind = tlb !== undefined && tlb !== "absent" && tlb.t === "text" ? tlb.value : "ipi";
  return inferCovers(hooks.op, hooks.sync ?? [], kind as "ipi");
}

function lowerState(policy: PolicyInstance, name: string): PolicyState | undefined {
  const placed = policy.states.get(name);
  if (placed === undefined) return undefined;
  const {syntax} = placed;
  const scope = policy.scope(placed.source, placed.home);
  const type = stateType(name, {policy, scope});
  if (type === undefined) {
    tell(
      scope.context.report,
      "E201",
      `unknown type \`${syntax.type?.name.text}\``,
      placeIn(scope, syntax.type ?? syntax),
      "not the type of a state word",
      {
        help: "a state is `Mm`, `Bool` or `Int`",
      },
    );
    return undefined;
  }
  const value = lowerExpr(syntax.value, {policy, scope, locals: new Map()}, type);
  if (value === undefined) return undefined;
  const fits =
    value.type === type ||
    (type === "mm" && value.expr.kind === "number" && value.expr.value === 0);
  if (!fits || value.expr.kind !== "number") {
    tell(
      scope.context.report,
      "E301",
      `expected ${type === "mm" ? "`none`" : type === "bool" ? "Bool" : "Int"} as initial value`,
      placeIn(scope, syntax.value),
      "of another type",
      {
        help: "a state begins with a constant",
      },
    );
    return undefined;
  }
  return {name, scope: syntax.scope, type, initial: value.expr.value};
}

// Systems that differ from a given one in a single step of a policy: the mutants of the necessity table (a waiting or ordering step
// removed or weakened) and the candidates of a repair (a barrier inserted, a store made a release).

import type {HookName, Policy, PolicyStep} from "../plan/policy.ts";
import type {System} from "../plan/system.ts";
import {stepText} from "./step-text.ts";

export interface Variant {
  /** `writer` for steps of `op` and `sync`, `walker` for the others. */
  readonly actor: "writer" | "walker" | "target";
  /** `delete mb in on sync`, `mb in on sync between ... and ...`. */
  readonly text: string;
  readonly system: System;
  /** Repairs at one place, weakest first; a stronger one is not told where a weaker one does. */
  readonly place: string;
}

type Steps = readonly PolicyStep[];
type Words = Policy["states"];
type Replace = (steps: Steps) => Steps;

/** Every removal or weakening of a step that orders or waits, and of the walkers' own protection. */
export function mutants(system: System): Variant[] {
  const found: Variant[] = [];
  eachBlock(system, (steps, hook, put, words) => {
    for (const [index, step] of steps.entries()) {
      for (const [text, instead] of weakenings(step, words)) {
        found.push({
          actor: actorOf(hook),
          text: `${text} (on ${hook})`,
          place: `${hook} ${index}`,
          system: put((own) => [...own.slice(0, index), ...instead, ...own.slice(index + 1)]),
        });
      }
    }
  });
  for (const [index, walker] of system.walkers.entries()) {
    if (walker.kind === "hardware" || (walker.protect !== "irq" && walker.protect !== "rcu"))
      continue;
    const walkers = system.walkers.with(index, {...walker, protect: "none"});
    const what = walker.protect === "irq" ? "local_irq_disable/enable" : "rcu_read_lock/unlock";
    found.push({
      actor: "walker",
      text: `delete ${what} of walker ${walker.name}`,
      place: `walker ${index}`,
      system: {...system, walkers},
    });
  }
  return found;
}

/** Every single barrier at every gap, every plain store made a release, every load of a step made an acquire. */
export function repairCandidates(system: System): Variant[] {
  const found: Variant[] = [];
  eachBlock(system, (steps, hook, put, words) => {
    for (let gap = 0; gap <= steps.length; gap++) {
      const where = gapText(steps, gap, hook, words);
      const place = `${hook} ${where}`;
      for (const fence of ["wmb", "rmb", "mb"] as const) {
        found.push({
          actor: actorOf(hook),
          text: `${fence} ${where}`,
          place,
          system: put((own) => [...own.slice(0, gap), {step: fence}, ...own.slice(gap)]),
        });
      }
    }
    for (const [index, step] of steps.entries()) {
      const stronger = acquiring(step);
      if (stronger !== undefined) {
        found.push({
          actor: actorOf(hook),
          text: `make the load in \`${stepText(step, words)}\` in on ${hook} an acquire`,
          place: `${hook} load ${index}`,
          system: put((own) => own.with(index, stronger)),
        });
      }
      if (step.step === "store") {
        found.push({
          actor: actorOf(hook),
          text: `make \`${stepText(step, words)}\` in on ${hook} a store_release`,
          place: `${hook} store ${index}`,
          system: put((own) => own.with(index, {...step, step: "store_release"})),
        });
      } else if (step.step === "publish") {
        found.push({
          actor: actorOf(hook),
          text: `make \`publish\` in on ${hook} a store-release (wmb before it)`,
          place: `${hook} publish ${index}`,
          system: put((own) => [...own.slice(0, index), {step: "wmb"}, ...own.slice(index)]),
        });
      }
    }
  });
  return found;
}

/** A TLB flush after each unhook: what stops a hardware walk, which no barrier does. */
export function flushCandidates(system: System): Variant[] {
  const found: Variant[] = [];
  eachBlock(system, (steps, hook, put, words) => {
    for (const [index, step] of steps.entries()) {
      if (step.step !== "unhook" && step.step !== "publish") continue;
      const flush: PolicyStep = {step: "flush", mm: {kind: "builtin", name: "mm"}};
      found.push({
        actor: actorOf(hook),
        text: `\`${stepText(flush, words)}\` after \`${step.step}\` in on ${hook}`,
        place: `${hook} flush ${index}`,
        system: put((own) => [...own.slice(0, index + 1), flush, ...own.slice(index + 1)]),
      });
    }
  });
  return found;
}

function weakenings(step: PolicyStep, words: Words): [string, Steps][] {
  const text = `\`${stepText(step, words)}\``;
  switch (step.step) {
    case "mb":
    case "wmb":
    case "rmb":
    case "wait_gp":
    case "flush":
    case "copy":
      return [[`delete ${text}`, []]];
    case "wait_until":
      return [[`delete ${text}`, []], ...relaxed(step, words)];
    case "wait_acks":
      return [[`do not wait: delete ${text}`, []]];
    case "store":
      return [[`delete ${text}`, []]];
    case "store_release":
      return [
        [`delete ${text}`, []],
        [`relax ${text} to store`, [{...step, step: "store"}]],
      ];
    case "xchg":
      return [[`relax ${text} to store`, [{...step, step: "store"}]]];
    case "defer":
      return [[`do not defer ${text}`, step.steps]];
    case "lock":
    case "unlock":
      return [];
    case "for":
      return [
        ...(sends(step.steps) ? ([[`delete ${text}`, []]] as [string, Steps][]) : []),
        ...relaxed(step, words),
      ];
    default:
      return relaxed(step, words);
  }
}

/** The step with its own acquire loads made plain. */
function relaxed(step: PolicyStep, words: Words): [string, Steps][] {
  const changed = withLoads(step, false);
  return changed === undefined
    ? []
    : [[`relax the acquire in \`${stepText(step, words)}\``, [changed]]];
}

/** The step with its own loads made acquiring; undefined where it has none that is not. */
function acquiring(step: PolicyStep): PolicyStep | undefined {
  return withLoads(step, true);
}

/** The step with its own loads of state words and modes (not those of the steps within it) made acquiring or plain; undefined where none changes. */
function withLoads(step: PolicyStep, acquire: boolean): PolicyStep | undefined {
  let found = false;
  const change = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== "object" || value === null) return value;
    const parts = Object.entries(value).map(([key, part]) => [key, change(part)]);
    const changed = Object.fromEntries(parts) as Record<string, unknown>;
    const loads = changed.kind === "state" || changed.kind === "mode";
    if (!loads || (changed.acquire === true) === acquire) return changed;
    found = true;
    const {acquire: _, ...plain} = changed;
    return acquire ? {...plain, acquire: true} : plain;
  };
  const own = (key: string): boolean => key !== "steps" && key !== "then" && key !== "else";
  const entries = Object.entries(step).map(([key, part]) => [key, own(key) ? change(part) : part]);
  return found ? (Object.fromEntries(entries) as unknown as PolicyStep) : undefined;
}

function sends(steps: Steps): boolean {
  return steps.some((step) => step.step === "ipi");
}

function actorOf(hook: HookName): Variant["actor"] {
  if (hook === "op" || hook === "sync") return "writer";
  return hook === "ipi" ? "target" : "walker";
}

function gapText(steps: Steps, gap: number, hook: HookName, words: Words): string {
  const before = steps[gap - 1];
  const after = steps[gap];
  if (before !== undefined && after !== undefined)
    return `in on ${hook} between \`${stepText(before, words)}\` and \`${stepText(after, words)}\``;
  if (after !== undefined) return `in on ${hook} before \`${stepText(after, words)}\``;
  if (before !== undefined) return `in on ${hook} after \`${stepText(before, words)}\``;
  return `in on ${hook}`;
}

/** Calls back for every block of steps of every hook with a way to put another block in its place. */
function eachBlock(
  system: System,
  visit: (steps: Steps, hook: HookName, put: (replace: Replace) => System, words: Words) => void,
): void {
  const used = inUse(system);
  for (const [at, policy] of system.policies.entries()) {
    if (!used.has(policy.name)) continue;
    for (const [name, steps] of Object.entries(policy.hooks)) {
      const hook = name as HookName;
      const put = (own: Steps): System => {
        const changed: Policy = {...policy, hooks: {...policy.hooks, [hook]: own}};
        return {...system, policies: system.policies.with(at, changed)};
      };
      nested(steps, put, (block, back) =>
        visit(block, hook, (replace) => back(replace(block)), policy.states),
      );
    }
  }
}

/** Names of the policies that a check runs: a fallback only where an allocation may fail. */
function inUse({writers, policies}: System): ReadonlySet<string> {
  const used = new Set<string>();
  for (const {policy: name, allocFail} of writers) {
    const policy = policies.find((one) => one.name === name);
    used.add(name);
    if (allocFail > 0 && policy?.fallback !== undefined) used.add(policy.fallback);
  }
  return used;
}

function nested(
  steps: Steps,
  put: (steps: Steps) => System,
  visit: (block: Steps, back: (block: Steps) => System) => void,
): void {
  visit(steps, put);
  for (const [index, step] of steps.entries()) {
    const within = (changed: PolicyStep): System => put(steps.with(index, changed));
    if (step.step === "if") {
      nested(step.then, (block) => within({...step, then: block}), visit);
      nested(step.else, (block) => within({...step, else: block}), visit);
    } else if (step.step === "for" || step.step === "defer") {
      nested(step.steps, (block) => within({...step, steps: block}), visit);
    }
  }
}

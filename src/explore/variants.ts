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
type Replace = (steps: Steps) => Steps;

/** Every removal or weakening of a step that orders or waits, and of the walkers' own protection. */
export function mutants(system: System): Variant[] {
  const found: Variant[] = [];
  eachBlock(system, (steps, hook, put) => {
    for (const [index, step] of steps.entries()) {
      for (const [text, instead] of weakenings(step)) {
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

/** Every single barrier at every gap, and every plain store made a release. */
export function repairCandidates(system: System): Variant[] {
  const found: Variant[] = [];
  eachBlock(system, (steps, hook, put) => {
    for (let gap = 0; gap <= steps.length; gap++) {
      const where = gapText(steps, gap, hook);
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
      if (step.step === "store") {
        found.push({
          actor: actorOf(hook),
          text: `make \`${stepText(step)}\` in on ${hook} a store_release`,
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

function weakenings(step: PolicyStep): [string, Steps][] {
  const text = `\`${stepText(step)}\``;
  switch (step.step) {
    case "mb":
    case "wmb":
    case "rmb":
    case "wait_gp":
    case "flush":
    case "copy":
      return [[`delete ${text}`, []]];
    case "wait_until":
      return [[`delete ${text}`, []], ...relaxed(step)];
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
        ...relaxed(step),
      ];
    default:
      return relaxed(step);
  }
}

/** The step with its own acquire loads made plain. */
function relaxed(step: PolicyStep): [string, Steps][] {
  const own = (key: string): boolean => key !== "steps" && key !== "then" && key !== "else";
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, part]) =>
        key === "acquire" ? [] : [[key, plain(part)]],
      ),
    );
  };
  let found = false;
  const entries = Object.entries(step).map(([key, part]): [string, unknown] => {
    if (!own(key) || !JSON.stringify(part).includes('"acquire":true')) return [key, part];
    found = true;
    return [key, plain(part)];
  });
  if (!found) return [];
  const changed = Object.fromEntries(entries) as unknown as PolicyStep;
  return [[`relax the acquire in \`${stepText(step)}\``, [changed]]];
}

function sends(steps: Steps): boolean {
  return steps.some((step) => step.step === "ipi");
}

function actorOf(hook: HookName): Variant["actor"] {
  if (hook === "op" || hook === "sync") return "writer";
  return hook === "ipi" ? "target" : "walker";
}

function gapText(steps: Steps, gap: number, hook: HookName): string {
  const before = steps[gap - 1];
  const after = steps[gap];
  if (before !== undefined && after !== undefined)
    return `in on ${hook} between \`${stepText(before)}\` and \`${stepText(after)}\``;
  if (after !== undefined) return `in on ${hook} before \`${stepText(after)}\``;
  if (before !== undefined) return `in on ${hook} after \`${stepText(before)}\``;
  return `in on ${hook}`;
}

/** Calls back for every block of steps of every hook with a way to put another block in its place. */
function eachBlock(
  system: System,
  visit: (steps: Steps, hook: HookName, put: (replace: Replace) => System) => void,
): void {
  for (const [at, policy] of system.policies.entries()) {
    for (const [name, steps] of Object.entries(policy.hooks)) {
      const hook = name as HookName;
      const put = (own: Steps): System => {
        const changed: Policy = {...policy, hooks: {...policy.hooks, [hook]: own}};
        return {...system, policies: system.policies.with(at, changed)};
      };
      nested(steps, put, (block, back) => visit(block, hook, (replace) => back(replace(block))));
    }
  }
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

// What is known of each writer before it runs: its laws, its streams, whom its releases may break.

import type {System, Writer} from "../plan/system.ts";
import type {Code} from "../program/code.ts";
import type {ContextInit} from "./context.ts";
import type {Laws} from "./laws.ts";
import {reachOf} from "./reach.ts";
import type {StreamIds} from "./streams.ts";
import {entriesOf} from "./tlb.ts";

/** One for each worker of a writer. */
export interface WriterPlan {
  readonly workers: readonly ContextInit[];
}

/** Of all writers that are timed. Throws a RangeError for a writer without its policy. */
export function planWriters(
  system: System,
  cpus: number,
  codes: readonly Code[],
  laws: Laws,
  streams: StreamIds,
  mms: ReadonlyMap<string, number>,
): WriterPlan[] {
  const registers = Math.max(2, ...codes.map((code) => code.registers));
  const sets = Math.max(1, ...codes.map((code) => code.setRegisters));
  let contexts = 0;
  return system.writers.flatMap((writer, index) => {
    if (writer.cadence.kind === "any") return [];
    const shared = sharedOf(system, writer, index, laws, mms);
    const workers = Array.from({length: writer.workers ?? 1}, (_, worker): ContextInit => {
      const id = contexts++;
      // The first draws what the only one would.
      const name = worker === 0 ? writer.name : `${writer.name}/${worker}`;
      return {
        ...shared,
        registers,
        sets,
        cpus,
        id,
        entity: cpus + id,
        cpu: writer.on + worker,
        cadenceAt: streams.open(name, "cadence"),
        workAt: streams.open(name, "work"),
        costAt: streams.open(name, "costs"),
        choiceAt: streams.open(name, "choices"),
        faultAt: streams.open(name, "faults"),
      };
    });
    return [{workers}];
  });
}

type Shared =
  | ("writer" | "writerIndex" | "mm" | "policy" | "fallback")
  | ("closed" | "cadence" | "work" | "reach" | "entries");

function sharedOf(
  system: System,
  writer: Writer,
  writerIndex: number,
  laws: Laws,
  mms: ReadonlyMap<string, number>,
): Pick<ContextInit, Shared> {
  const {cadence} = writer;
  if (cadence.kind === "any") throw new RangeError("a writer with `any` cadence is not timed");
  const codeOf = (name: string) => system.policies.findIndex((policy) => policy.name === name);
  const policy = codeOf(writer.policy);
  if (policy < 0) throw new RangeError(`writer ${writer.name}: no policy \`${writer.policy}\``);
  const fallback = system.policies[policy].fallback;
  const law = cadence.kind === "open" ? cadence.gap : cadence.think;
  return {
    writer,
    writerIndex,
    mm: mms.get(writer.mm) ?? 0,
    policy,
    fallback: fallback === undefined ? -1 : codeOf(fallback),
    closed: cadence.kind === "closed",
    cadence: laws.of(law, writer.name, "cadence"),
    work: laws.of(writer.work, writer.name, "work"),
    reach: reachOf(system, writer),
    entries: entriesOf(writer),
  };
}

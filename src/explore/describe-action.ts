// From an instruction and the registers it finds to the shared action that a local state waits to take, and its text.

import {op} from "../program/code.ts";
import {flag, type Ins, type TaskProgram, x} from "./instructions.ts";
import {act, type Location} from "./local-state.ts";
import type {Vocabulary} from "./vocabulary.ts";

export interface Action {
  readonly kind: number;
  readonly text: string;
  readonly loc: number;
  readonly loc2: number;
  readonly value: number;
  readonly arg: number;
  readonly arg2: number;
  readonly table: number;
}

/** The action of a local state at `ins` with registers `r` and sets `s`, of the task numbered `task`. */
export function describeAction(
  shared: Vocabulary,
  program: TaskProgram,
  task: number,
  ins: Ins,
  r: readonly number[],
  s: readonly number[],
): Action {
  const {world} = shared;
  const {a, b, c} = ins;
  const base: Action = {
    kind: act.step,
    text: "",
    loc: -1,
    loc2: -1,
    value: 0,
    arg: 0,
    arg2: 0,
    table: 0,
  };
  const store = (kind: number, loc: number, raw: number, word: string): Action => {
    const location = shared.locations[loc] as Location;
    const value = shared.valueAt(loc, raw);
    return {
      ...base,
      kind: value < 0 ? act.overflow : kind,
      loc,
      value,
      text: `${word} ${location.name} = ${location.show(raw)}`,
    };
  };
  const cpuOf = (place: number): number => world.cpus[place] as number;
  switch (ins.op) {
    case op.next: {
      const own = 1 << program.place;
      return {...base, kind: act.each, arg: (s[b] as number) & ~own, text: "for each CPU"};
    }
    case op.mb:
      return {...base, kind: act.fence, text: "mb"};
    case op.wmb:
      return {...base, kind: act.storeFence, text: "wmb"};
    case op.rmb:
      return {...base, text: "rmb"};
    case op.load:
    case op.loadAcquire: {
      const loc = shared.word(ins.code, b, c < 0 ? -1 : (r[c] as number));
      return {...base, kind: act.load, loc, text: `load ${shared.locations[loc]?.name}`};
    }
    case x.loadOnline:
      return {...base, kind: act.load, loc: shared.online(), text: "load online"};
    case op.loadMode: {
      const loc = shared.mode(world.cpus.indexOf(r[b] as number));
      return {...base, kind: act.load, loc, text: `load ${shared.locations[loc]?.name}`};
    }
    case op.store:
    case op.storeRelease:
    case op.exchange: {
      const loc = shared.word(ins.code, a, b < 0 ? -1 : (r[b] as number));
      if (loc < 0) return {...base, kind: act.fence, text: "xchg"};
      if (ins.op === op.store) return store(act.store, loc, r[c] as number, "store");
      if (ins.op === op.storeRelease)
        return store(act.release, loc, r[c] as number, "store_release");
      return store(act.atomic, loc, r[c] as number, "xchg");
    }
    case op.ipi: {
      const place = world.cpus.indexOf(r[a] as number);
      const bit = shared.interrupt(program.sender, b === 1 ? "wait" : "nowait", ins.code);
      const nowait = b === 1 ? "" : " nowait";
      return {...base, kind: act.send, arg: place, arg2: bit, text: `ipi ${r[a]}${nowait}`};
    }
    case op.lock:
    case op.unlock: {
      const loc = shared.lock(program.locks[a] as string);
      if (ins.op === op.lock)
        return {...base, kind: act.atomic, loc, text: `lock ${program.locks[a]}`};
      return {...store(act.release, loc, 0, ""), text: `unlock ${program.locks[a]}`};
    }
    case x.readLock:
    case x.readUnlock: {
      const name = program.locks[a] as string;
      const word = ins.op === x.readLock ? "lock" : "unlock";
      const loc = shared.lock(name);
      return {...base, kind: act.atomic, loc, text: `${word} ${name} for reading`};
    }
    case x.flags:
      return {...base, text: flagsText(ins.a, ins.b)};
    case x.choose:
      return {...base, text: "choose"};
    case x.loadEntry: {
      const loc = shared.entry(b);
      return {...base, kind: act.load, loc, text: `load ${shared.locations[loc]?.name}`};
    }
    case x.mmuLoad: {
      const loc = shared.entry(b);
      const text = `MMU loads ${shared.locations[loc]?.name}`;
      return {...base, kind: act.memoryLoad, loc, text};
    }
    case x.deref:
    case x.mmuFill:
    case x.mmuUse: {
      const pointer = r[ins.op === x.deref ? c : a] as number;
      if (pointer === 0) return {...base, text: "nothing is mapped"};
      const table = pointer - 1;
      const name = shared.tableName(pointer);
      const entry = ins.op === x.deref ? b : 0;
      const which = world.pages > 1 ? ` entry ${entry}` : "";
      const words =
        ins.op === x.deref
          ? `read ${name}${which}`
          : ins.op === x.mmuFill
            ? `MMU reads ${name}`
            : `MMU uses its translation of ${name}`;
      return {
        ...base,
        kind: ins.op === x.deref ? act.load : act.memoryLoad,
        loc: shared.page(table),
        loc2: shared.contents(table, entry),
        table: pointer,
        text: words,
      };
    }
    case x.storeEntry: {
      const action = store(
        c === 1 ? act.release : act.store,
        shared.entry(a),
        b + 1,
        c === 1 ? "map" : b < 0 ? "unhook" : "publish",
      );
      return action;
    }
    case x.free:
      return {
        ...store(act.store, shared.page(a), 1, ""),
        text: `free ${shared.tableName(a + 1)}`,
      };
    case x.reuse: {
      const which = world.pages > 1 ? ` entry ${b}` : "";
      return {
        ...store(act.store, shared.contents(a, b), 1, ""),
        text: `reuse ${shared.tableName(a + 1)}${which}`,
      };
    }
    case x.write:
      return {
        ...store(act.store, shared.contents(a, 0), 0, ""),
        text: `write ${shared.tableName(a + 1)}`,
      };
    case x.gpStart: {
      const bit = shared.owner(task);
      return {...base, kind: act.gpStart, arg2: bit, text: "grace period starts"};
    }
    case x.gpWait: {
      const bit = shared.owner(task);
      if (shared.symmetric)
        return {...base, kind: act.gpWaitAll, arg2: bit, text: "grace period ends"};
      const text = `grace period: CPU ${cpuOf(a)} has passed a quiescent state`;
      return {...base, kind: act.gpWait, arg: a, arg2: bit, text};
    }
    case x.gpWaitAll: {
      const bit = shared.owner(task);
      return {...base, kind: act.gpWaitAll, arg2: bit, text: "grace period ends"};
    }
    case x.ackWait: {
      if (shared.symmetric)
        return {
          ...base,
          kind: act.ackWaitAll,
          arg2: waitedMask(shared, b),
          text: "all acknowledged",
        };
      const text = `CPU ${cpuOf(a)} has acknowledged`;
      return {...base, kind: act.ackWait, arg: a, arg2: waitedMask(shared, b), text};
    }
    case x.flushSend: {
      const bit = shared.interrupt(program.sender, "flush");
      const kind = b === 1 ? act.sendRunning : act.send;
      return {...base, kind, arg: a, arg2: bit, text: `flush interrupt to CPU ${cpuOf(a)}`};
    }
    case x.flushWait: {
      const bit = shared.interrupt(program.sender, "flush");
      const text = `CPU ${cpuOf(a)} has flushed`;
      return {...base, kind: act.ackWait, arg: a, arg2: 1 << bit, text};
    }
    case x.callback: {
      const target = task + 1 + a;
      shared.owner(target);
      return {...base, kind: act.callback, arg: target, text: "call_rcu"};
    }
    case x.invalidate: {
      const text = a === -1 || a === (1 << world.cpus.length) - 1 ? "TLBs" : "own TLB";
      return {...base, kind: act.invalidate, arg: a, text: `invalidate ${text}`};
    }
    case x.shareLoad: {
      const loc = shared.share(b);
      return {...base, kind: act.load, loc, text: `load ${shared.locations[loc]?.name}`};
    }
    case x.shareDrop: {
      const loc = shared.share(b);
      return {...base, kind: act.atomic, loc, text: `drop ${shared.locations[loc]?.name}`};
    }
    case x.violate:
      return {...base, kind: act.violation, arg: a};
    case x.mode: {
      const loc = shared.mode(world.cpus.indexOf(r[0] as number));
      return store(act.atomic, loc, a, "context tracking:");
    }
    case x.nmi:
      return {...base, kind: act.nmi, text: "NMI"};
    case x.iret:
      return {...base, kind: act.iret, arg: b, text: "return from interrupt"};
    case x.irq:
      return {...base, kind: act.irq, text: "interrupt"};
    case x.dormant:
      return {...base, kind: act.dormant};
    case x.done:
      return {...base, kind: act.done};
    default:
      throw new Error(`no action for instruction ${ins.op}`);
  }
}

/** Bits of the interrupts that a sender waits for; 0 while it sends none. */
export function waitedMask(shared: Vocabulary, sender: number): number {
  return shared.interrupts.reduce(
    (mask, one, bit) => (one.sender === sender && one.kind === "wait" ? mask | (1 << bit) : mask),
    0,
  );
}

function flagsText(on: number, off: number): string {
  const names: [number, string, string][] = [
    [flag.irqOff, "irq off", "irq on"],
    [flag.rcu, "rcu_read_lock", "rcu_read_unlock"],
    [flag.preemptOff, "preemption off", "preemption on"],
  ];
  for (const [bit, enter, leave] of names) {
    if (on & bit) return enter;
    if (off & bit) return leave;
  }
  return "";
}

// A schedule: one interleaving of micro-steps as text, short enough for a mail and exact enough to be run again, by the checker and by
// the timed engine.
//
// Format. `quiesce-schedule 1 MODEL:` and then moves separated by blanks, each optionally followed by `*N` (N times in a row):
//
//   NAME@CPU        one micro-step of the writer or walker NAME that was placed on machine CPU `CPU` at the start
//   NAME@CPU.K      the same, taking alternative K (from 0) of a step that may go several ways
//   nmi:NAME@CPU    one step of the NMI walker NAME: the first is its arrival
//   mmu:NAME@CPU    one step of the hardware walker NAME
//   rcu:NAME#K      one step of the K-th deferred block of writer NAME (its grace period must be over)
//   irq:NAME@CPU    one step of the interrupt handler that writer NAME's policy runs on a CPU
//   commit@CPU.K    entry K (from 0, the oldest) of the CPU's store buffer reaches memory; `commit#K.I` that of a deferred block
//   ack@CPU         the CPU takes all its pending interrupts that run no handler; `ack@CPU.K` enters the handler of interrupt K: twice the
//                   rank of the writer that sent it, one more where nobody waits for it
//   preempt@CPU  run@CPU   the host takes the vCPU away, and gives it back
//   offline@CPU  online@CPU  a CPU leaves, and comes back
//   move:NAME@CPU>TO       the task migrates
//
// A micro-step is everything up to and including the task's next access to something shared: an access to memory, a barrier, an
// interrupt sent or waited for, interrupts switched off or on. Two rules of the checker belong to it: a wait is one step per CPU,
// ascending, taken when that CPU no longer holds it up; and where only one task sends interrupts, a send that follows directly on the
// load that decides on it is part of the load's step if the sender's store buffer is empty and its slot at the target is free.

export interface ScheduleMove {
  readonly actor:
    | "task"
    | "nmi"
    | "mmu"
    | "rcu"
    | "irq"
    | "commit"
    | "ack"
    | "preempt"
    | "run"
    | "offline"
    | "online"
    | "move";
  /** Name of the walker or writer; "" where the move has none. */
  readonly name: string;
  /** Machine CPU; for `rcu`, and for the commit of a deferred block, its number. */
  readonly cpu: number;
  /** A deferred block's buffer rather than a CPU's (`commit` only). */
  readonly deferred: boolean;
  /** Alternative, buffer entry, or CPU moved to; -1 where none is given. */
  readonly choice: number;
}

export interface Schedule {
  readonly model: string;
  readonly moves: readonly ScheduleMove[];
}

const head = "quiesce-schedule 1 ";

/** The text of a schedule; equal neighbours are counted. */
export function scheduleText(schedule: Schedule): string {
  const words: string[] = [];
  const counts: number[] = [];
  for (const move of schedule.moves) {
    const word = moveText(move);
    if (words.at(-1) === word) counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
    else {
      words.push(word);
      counts.push(1);
    }
  }
  const moves = words.map((word, i) => ((counts[i] ?? 1) > 1 ? `${word}*${counts[i]}` : word));
  return `${head}${schedule.model}: ${moves.join(" ")}`;
}

/** Reads a schedule. Throws a `RangeError` that names the first word it does not understand. */
export function parseSchedule(text: string): Schedule {
  const match = /^\s*quiesce-schedule\s+(\d+)\s+([a-z]+):([\s\S]*)$/.exec(text);
  if (match === null) {
    throw new RangeError(`not a schedule: expected it to begin with \`${head}tso: ...\``);
  }
  if (match[1] !== "1") throw new RangeError(`schedule format ${match[1]} is not known; this is 1`);
  const moves: ScheduleMove[] = [];
  for (const word of (match[3] as string).split(/\s+/).filter((part) => part !== "")) {
    const times = /^(.*)\*(\d{1,6})$/.exec(word);
    const move = parseMove(times === null ? word : (times[1] as string));
    for (let n = times === null ? 1 : Number(times[2]); n > 0; n--) moves.push(move);
  }
  return {model: match[2] as string, moves};
}

/** One move as a schedule writes it. */
export function moveText(move: ScheduleMove): string {
  const choice = move.choice < 0 ? "" : `.${move.choice}`;
  switch (move.actor) {
    case "task":
      return `${move.name}@${move.cpu}${choice}`;
    case "rcu":
      return `rcu:${move.name}#${move.cpu}${choice}`;
    case "move":
      return `move:${move.name}@${move.cpu}>${move.choice}`;
    case "nmi":
    case "mmu":
    case "irq":
      return `${move.actor}:${move.name}@${move.cpu}${choice}`;
    default:
      return `${move.actor}${move.deferred ? "#" : "@"}${move.cpu}${choice}`;
  }
}

const silent: readonly string[] = ["commit", "ack", "preempt", "run", "offline", "online"];

function parseMove(word: string): ScheduleMove {
  const match =
    /^(?:(nmi|mmu|rcu|irq|move):)?([A-Za-z_][\w.-]*?)([@#])(\d+)(?:\.(\d+)|>(\d+))?$/.exec(word);
  if (match === null) throw new RangeError(`schedule: \`${word}\` is not a move`);
  const [, prefix, name = "", sign, cpu, choice, to] = match;
  const number = choice ?? to;
  const plain = prefix === undefined && silent.includes(name);
  return {
    actor: (prefix ?? (plain ? name : "task")) as ScheduleMove["actor"],
    name: plain ? "" : name,
    cpu: Number(cpu),
    deferred: plain && sign === "#",
    choice: number === undefined ? -1 : Number(number),
  };
}

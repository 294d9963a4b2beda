// The recorders of all metrics of a run, one for each row of the metric table and entity. Samples of walkers and bystanders come from
// many CPUs in no global order (`scattered-recorder.ts`); everything else happens in interactions, which come in order of time.

import type {System} from "../plan/system.ts";
import {countSeries} from "../record/count-series.ts";
import {LevelRecorder} from "../record/level-recorder.ts";
import type {Series, Totals} from "../record/samples.ts";
import {StreamRecorder} from "../record/stream-recorder.ts";
import type {Seeding} from "./laws.ts";
import {ScatteredRecorder} from "./scattered-recorder.ts";

export interface WalkerRecorders {
  readonly latency: ScatteredRecorder;
  readonly overhead: ScatteredRecorder;
  readonly blocked: ScatteredRecorder;
  /** Per CPU. */
  readonly count: Float64Array;
  /** Of walks that were passed over: their number, and the ticks that they took. */
  readonly passed: Float64Array;
  aborts: number;
  /** Whether its walks were counted: not where looks found them in equilibrium. */
  told: boolean;
}

export interface WriterRecorders {
  readonly latency: StreamRecorder;
  readonly sync: StreamRecorder;
  readonly flush: StreamRecorder;
  readonly queue: StreamRecorder;
  readonly hold: StreamRecorder;
  readonly faults: StreamRecorder;
  readonly backlog: LevelRecorder;
  readonly retained: LevelRecorder;
  /** Ticks that operations which have ended were in the backlog. */
  sojourn: number;
  count: number;
  arrivals: number;
}

export interface BystanderRecorders {
  readonly disturbance: ScatteredRecorder;
  readonly lateness: ScatteredRecorder;
  interrupts: number;
  misses: number;
}

export class Recorders {
  readonly walkers: WalkerRecorders[];
  readonly writers: WriterRecorders[];
  readonly bystanders: BystanderRecorders[];
  readonly targets: StreamRecorder;
  ipis: number = 0;
  interrupts: number = 0;
  flushes: number = 0;
  sends: number = 0;
  requestsIsolated: number = 0;
  gps: number = 0;
  callbacks: number = 0;
  wakeups: number = 0;
  private readonly system: System;
  private seeding: Seeding = {seed: 0, replication: 0};

  constructor(system: System, cpus: number) {
    this.system = system;
    const scattered = (entity: string, metric: string) =>
      new ScatteredRecorder(entity, metric, cpus);
    this.walkers = system.walkers.map(({name}) => ({
      latency: scattered(name, "latency"),
      overhead: scattered(name, "overhead"),
      blocked: scattered(name, "blocked"),
      count: new Float64Array(cpus),
      passed: new Float64Array(2),
      aborts: 0,
      told: true,
    }));
    this.writers = system.writers.map(({name}) => ({
      latency: new StreamRecorder(name, "latency"),
      sync: new StreamRecorder(name, "sync"),
      flush: new StreamRecorder(name, "flush"),
      queue: new StreamRecorder(name, "queue"),
      hold: new StreamRecorder(name, "hold"),
      faults: new StreamRecorder(name, "faults"),
      backlog: new LevelRecorder(name, "backlog"),
      retained: new LevelRecorder(name, "retained"),
      sojourn: 0,
      count: 0,
      arrivals: 0,
    }));
    this.bystanders = system.bystanders.map(({name}) => ({
      disturbance: scattered(name, "disturbance"),
      lateness: scattered(name, "lateness"),
      interrupts: 0,
      misses: 0,
    }));
    this.targets = new StreamRecorder("sync", "targets");
  }

  /** Begins a run. */
  begin(seeding: Seeding): void {
    this.seeding = seeding;
    const salt = seeding.seed * 31 + seeding.replication;
    for (const walker of this.walkers) {
      walker.latency.begin(salt);
      walker.overhead.begin(salt);
      walker.blocked.begin(salt);
      walker.told = true;
    }
    for (const {disturbance, lateness} of this.bystanders) {
      disturbance.begin(salt);
      lateness.begin(salt);
    }
    for (const {backlog, retained} of this.writers) {
      backlog.reset(0, 0);
      retained.reset(0, 0);
    }
    this.reset(0);
  }

  /** Forgets all that was before `now` [ns]. */
  reset(now: number): void {
    const {seed, replication} = this.seeding;
    for (const walker of this.walkers) {
      walker.latency.reset();
      walker.overhead.reset();
      walker.blocked.reset();
      walker.count.fill(0);
      walker.passed.fill(0);
      walker.aborts = 0;
    }
    for (const writer of this.writers) {
      for (const metric of ["latency", "sync", "flush", "queue", "hold", "faults"] as const) {
        writer[metric].reset(seed, replication);
      }
      writer.backlog.reset(now, writer.backlog.value);
      writer.retained.reset(now, writer.retained.value);
      writer.sojourn = 0;
      writer.count = 0;
      writer.arrivals = 0;
    }
    for (const bystander of this.bystanders) {
      bystander.disturbance.reset();
      bystander.lateness.reset();
      bystander.interrupts = 0;
      bystander.misses = 0;
    }
    this.targets.reset(seed, replication);
    this.ipis = 0;
    this.interrupts = 0;
    this.flushes = 0;
    this.sends = 0;
    this.requestsIsolated = 0;
    this.gps = 0;
    this.callbacks = 0;
    this.wakeups = 0;
  }

  /** Hands back the memory of histograms; nothing but `begin` may follow. */
  release(): void {
    for (const {latency, overhead, blocked} of this.walkers) {
      latency.release();
      overhead.release();
      blocked.release();
    }
    for (const writer of this.writers) {
      for (const metric of ["latency", "sync", "flush", "queue", "hold", "faults"] as const) {
        writer[metric].release();
      }
      writer.backlog.release();
      writer.retained.release();
    }
    for (const {disturbance, lateness} of this.bystanders) {
      disturbance.release();
      lateness.release();
    }
    this.targets.release();
  }

  /** All series but those of the machine and of safety. */
  series(now: number): Series[] {
    return this.read({
      samples: (recorder) => recorder.series(),
      level: (recorder) => recorder.series(now),
      count: countSeries,
    });
  }

  /** The totals of what `series` gives, in the same order. */
  totals(now: number): Totals[] {
    return this.read<Totals>({
      samples: (recorder) => recorder.soFar(),
      level: (recorder) => recorder.soFar(now),
      count: (entity, metric, sum) => ({entity, metric, count: 1, sum}),
    });
  }

  private read<T>({samples, level, count}: Reading<T>): T[] {
    const all: T[] = [];
    this.system.walkers.forEach(({name}, w) => {
      const walker = this.walkers[w];
      if (!walker.told) return;
      settlePassed(walker);
      let calls = 0;
      for (const own of walker.count) calls += own;
      all.push(samples(walker.latency), samples(walker.overhead), samples(walker.blocked));
      all.push(count(name, "count", calls), count(name, "aborts", walker.aborts));
    });
    this.system.writers.forEach(({name}, w) => {
      const writer = this.writers[w];
      all.push(samples(writer.latency), samples(writer.sync), samples(writer.flush));
      all.push(samples(writer.queue), samples(writer.hold), level(writer.backlog));
      all.push(samples(writer.faults), level(writer.retained));
      all.push(count(name, "arrivals", writer.arrivals));
      all.push(count(name, "count", writer.count));
    });
    this.system.bystanders.forEach(({name}, b) => {
      const bystander = this.bystanders[b];
      all.push(samples(bystander.disturbance), samples(bystander.lateness));
      all.push(count(name, "interrupts", bystander.interrupts));
      all.push(count(name, "misses", bystander.misses));
    });
    all.push(count("sync", "ipis", this.ipis));
    all.push(count("sync", "interrupts", this.interrupts));
    all.push(count("sync", "flushes", this.flushes));
    all.push(count("sync", "sends", this.sends));
    all.push(samples(this.targets));
    all.push(count("sync", "gps", this.gps));
    all.push(count("sync", "callbacks", this.callbacks));
    all.push(count("sync", "wakeups", this.wakeups));
    return all;
  }
}

/** What is read of a recorder of each kind. */
interface Reading<T> {
  readonly samples: (recorder: StreamRecorder | ScatteredRecorder) => T;
  readonly level: (recorder: LevelRecorder) => T;
  readonly count: (entity: string, metric: string, sum: number) => T;
}

/** Gives what was passed over to the recorders of a walker. */
function settlePassed({latency, overhead, blocked, count, passed}: WalkerRecorders): void {
  const [walks, ticks] = passed;
  if (walks === 0) return;
  latency.number[0] += walks;
  latency.sum[0] += ticks / 1000;
  overhead.alike[0] += walks;
  blocked.alike[0] += walks;
  count[0] += walks;
  passed.fill(0);
}

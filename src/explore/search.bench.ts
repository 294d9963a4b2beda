// States, states per second and bytes per state of the protocols whose counts are known from independent models. Run it after a build:
// node dist/src/explore/search.bench.js [largest number of walkers, default 4; 5 needs 30 million states]

import type {Policy} from "../plan/policy.ts";
import {transitionsOf} from "./explore.ts";
import {
  broadcastPolicy,
  rcuPolicy,
  scope,
  system,
  targetedPolicy,
} from "./sample-systems.contract.ts";
import {search} from "./search.ts";
import {reductionOf} from "./symmetry.ts";
import type {Transitions} from "./transitions.ts";

interface Row {
  readonly name: string;
  readonly policy: Policy;
  readonly model: "sc" | "tso";
  readonly largest: number;
  readonly expected: readonly number[];
  /** States up to exchanging walkers, from two walkers on. */
  readonly classes: readonly number[];
}

const most = Number(process.argv[2] ?? 4);
const rows: readonly Row[] = [
  {
    name: "broadcast, SC",
    policy: broadcastPolicy,
    model: "sc",
    largest: Math.min(6, most + 2),
    expected: [31, 260, 2269, 20162, 180547, 1621904],
    classes: [195, 820, 3050, 10149, 30597],
  },
  {
    name: "targeted, TSO",
    policy: targetedPolicy,
    model: "tso",
    largest: most,
    expected: [111, 2308, 52109, 1235802, 30094171],
    classes: [1547, 15080, 130390, 997451, 6770673],
  },
  {
    name: "synchronize_rcu, SC",
    policy: rcuPolicy,
    model: "sc",
    largest: Math.min(7, most + 3),
    expected: [30, 194, 1338, 9698, 72810, 559634, 4366938],
    classes: [96, 250, 575, 1212, 2388],
  },
];

console.log(
  "protocol                  walkers       states  expected    M states/s  M steps/s  bytes/state  MB",
);
for (const row of rows) {
  for (let walkers = 1; walkers <= row.largest; walkers++) {
    const transitions = transitionsOf(system([row.policy]), scope(walkers + 1), row.model);
    report(row.name, walkers, transitions, row.expected[walkers - 1]);
  }
  const most = Math.min(row.classes.length + 1, row.largest + (row.model === "sc" ? 0 : 1));
  for (let walkers = 2; walkers <= most; walkers++) {
    const reduction = reductionOf(system([row.policy]), scope(walkers + 1), row.model);
    if (reduction === undefined) throw new Error(`${row.name}: no symmetry was found`);
    report(`${row.name}, symmetry`, walkers, reduction.transitions, row.classes[walkers - 2]);
  }
  const eight = transitionsOf(system([row.policy]), scope(8), row.model);
  console.log(`${row.name}: ${4 * eight.layout.words} bytes a state at 8 CPUs`);
}

function report(
  name: string,
  walkers: number,
  transitions: Transitions,
  expected: number | undefined,
): void {
  const start = process.hrtime.bigint();
  const result = search(transitions);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const {set} = result;
  console.log(
    [
      name.padEnd(28),
      String(walkers).padStart(4),
      set.size.toLocaleString("en").padStart(13),
      (expected === set.size ? "=" : String(expected)).padStart(8),
      (set.size / seconds / 1e6).toFixed(2).padStart(13),
      (result.transitions / seconds / 1e6).toFixed(2).padStart(10),
      String(4 * transitions.layout.words).padStart(12),
      (set.bytes / 1e6).toFixed(1).padStart(6),
    ].join(" "),
  );
}

// States, states per second and bytes per state of the protocols whose counts are known from independent models. Run it after a build:
// node dist/src/explore/search.bench.js [largest number of walkers, default 4; 5 needs 30 million states]

import type {Policy} from "../plan/policy.ts";
import {automataOf} from "./automaton.ts";
import {
  broadcastPolicy,
  rcuPolicy,
  scope,
  system,
  targetedPolicy,
} from "./sample-systems.contract.ts";
import {search} from "./search.ts";
import {smallSystem} from "./small-system.ts";
import {taskPrograms} from "./task-program.ts";
import {Transitions} from "./transitions.ts";

interface Row {
  readonly name: string;
  readonly policy: Policy;
  readonly model: "sc" | "tso";
  readonly largest: number;
  readonly expected: readonly number[];
}

const most = Number(process.argv[2] ?? 4);
const rows: readonly Row[] = [
  {
    name: "broadcast, SC",
    policy: broadcastPolicy,
    model: "sc",
    largest: Math.min(6, most + 2),
    expected: [31, 260, 2269, 20162, 180547, 1621904],
  },
  {
    name: "targeted, TSO",
    policy: targetedPolicy,
    model: "tso",
    largest: most,
    expected: [111, 2308, 52109, 1235802, 30094171],
  },
  {
    name: "synchronize_rcu, SC",
    policy: rcuPolicy,
    model: "sc",
    largest: Math.min(7, most + 3),
    expected: [30, 194, 1338, 9698, 72810, 559634, 4366938],
  },
];

console.log(
  "protocol             walkers       states  expected    M states/s  M steps/s  bytes/state  MB",
);
for (const row of rows) {
  for (let walkers = 1; walkers <= row.largest; walkers++) {
    const world = smallSystem(system([row.policy]), scope(walkers + 1));
    const transitions = new Transitions(automataOf(world, taskPrograms(world)), row.model);
    const start = process.hrtime.bigint();
    const result = search(transitions);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const {set} = result;
    const same = row.expected[walkers - 1] === set.size ? "=" : String(row.expected[walkers - 1]);
    console.log(
      [
        row.name.padEnd(20),
        String(walkers).padStart(7),
        set.size.toLocaleString("en").padStart(13),
        same.padStart(8),
        (set.size / seconds / 1e6).toFixed(2).padStart(13),
        (result.transitions / seconds / 1e6).toFixed(2).padStart(10),
        String(4 * transitions.layout.words).padStart(12),
        (set.bytes / 1e6).toFixed(1).padStart(6),
      ].join(" "),
    );
  }
}

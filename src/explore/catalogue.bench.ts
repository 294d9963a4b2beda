// How long every verdict of the catalogue takes, by model: `node dist/src/explore/catalogue.bench.js [ROUNDS, default 5]`. Verdicts alone,
// without explanations and necessity tables; plans are made beforehand, the first round warms up, medians are printed.

import {readdirSync, readFileSync} from "node:fs";
import {checkText, startingEnvironment} from "../lang/check.ts";
import {planCheckCommand} from "../lang/plan-command.ts";
import type {CheckPlan} from "../plan/check-plan.ts";
import {check} from "./check.ts";

const rounds = Number(process.argv[2] ?? 5);
const folder = new URL("../../../grammar/catalogue/", import.meta.url);
const plans = readdirSync(folder)
  .filter((name) => name.endsWith(".quiesce"))
  .flatMap((name): CheckPlan[] => {
    const source = {name, text: readFileSync(new URL(name, folder), "utf8")};
    const {environment, commands} = checkText(source, startingEnvironment());
    return commands.flatMap((command) => {
      if (command.kind !== "check") return [];
      const {plan} = planCheckCommand(environment, command, source);
      return plan === undefined ? [] : [plan];
    });
  });

const groups: Readonly<Record<string, readonly CheckPlan[]>> = {
  "SC, TSO, PSO": plans.filter(({model}) => model !== "lkmm"),
  LKMM: plans.filter(({model}) => model === "lkmm"),
};
for (const [models, some] of Object.entries(groups)) {
  const times: number[] = [];
  let verdicts = 0;
  for (let round = 0; round <= rounds; round++) {
    const before = process.cpuUsage();
    verdicts = some.reduce((sum, plan) => sum + check(plan, {answers: false}).verdicts.length, 0);
    const {user, system} = process.cpuUsage(before);
    if (round > 0) times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  console.log(
    `${models}: ${verdicts} verdicts in ${times[times.length >> 1]?.toFixed(0)} ms of CPU`,
  );
}

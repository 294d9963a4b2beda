// How fast policies are checked under the Linux-kernel model: the protocols of the study on two, three and four CPUs, without and with the
// questions that a verdict leads to. Run with `node dist/src/explore/lkmm/policy.bench.js`.

import {performance} from "node:perf_hooks";
import {scope} from "../sample-systems.contract.ts";
import {checkLkmm} from "./check-lkmm.ts";
import {rows} from "./protocols.contract.ts";

function measure(cpus: number, answers: boolean): void {
  const round = (): number => {
    let candidates = 0;
    for (const {name, system, scope: changes} of rows) {
      const one = {label: name, system};
      candidates += checkLkmm(one, scope(cpus, changes), {answers}).states;
    }
    return candidates;
  };
  round();
  const start = performance.now();
  let rounds = 0;
  let candidates = 0;
  while (performance.now() - start < 2000) {
    candidates += round();
    rounds++;
  }
  const seconds = (performance.now() - start) / 1000;
  const checks = Math.round((rounds * rows.length) / seconds);
  process.stdout.write(
    `${cpus} CPUs${answers ? ", models, necessity and repairs" : ""}: ${checks} policies/s, ${Math.round(candidates / seconds)} violating candidates/s\n`,
  );
}

for (const cpus of [2, 3, 4]) measure(cpus, false);
measure(2, true);

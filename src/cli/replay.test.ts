import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {inFolder, quiesce} from "./command.contract.ts";

const text = `scenario tiny {
  machine: flat_4
  mm m { cpus: all }
  walker w { mm: m, on: 1..3, every: any, hold: any, revalidate: none }
  writer u { mm: m, on: 0, kind: free, every: any }
}
check safety of tiny for exactly 2 cpus, 1 writes under tso { policy: [broadcast_ipi, targeted_v4] }
`;

describe("quiesce replay", () => {
  it("runs the schedule that a check printed, to the same violation", async () => {
    await inFolder({"tiny.quiesce": text}, async (folder) => {
      const {out} = await quiesce(["check", "tiny.quiesce", "--brief"], folder);
      const schedule = /replay: (.*)/.exec(out)?.[1] ?? "";
      assert.match(schedule, /^quiesce-schedule 1 tso: /);
      const again = await quiesce(
        ["replay", "tiny.quiesce", schedule, "--policy", "targeted_v4"],
        folder,
      );
      assert.equal(again.status, 0, again.err);
      assert.match(again.out, /^targeted_v4 of tiny$/m);
      assert.match(again.out, /^13 +CPU1 +read table +<- I1$/m);
    });
  });

  it("says at which step a schedule is not possible", async () => {
    await inFolder({"tiny.quiesce": text}, async (folder) => {
      const {status, err} = await quiesce(
        ["replay", "tiny.quiesce", "quiesce-schedule 1 tso: u@0 commit@1.0"],
        folder,
      );
      assert.equal(status, 2);
      assert.match(err, /step 2 of the schedule is not possible/);
    });
  });
});

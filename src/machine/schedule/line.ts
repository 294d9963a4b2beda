import {draw} from "../streams.ts";
import {distanceOf} from "../topology.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import type {ScheduledTask} from "./task.ts";

/** What fetching a line from another CPU costs a task. */
export function drawnLine(run: ScheduledRun, task: ScheduledTask, from: number): number {
  const {world} = run;
  const law = world.line[distanceOf(world.topology, task.cpu, from)];
  return law === undefined ? 0 : draw(law, world.streams.state, world.cpuStream[task.cpu]);
}

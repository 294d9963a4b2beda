import {dirname} from "node:path";
import type {MemoryModel} from "../plan/check-plan.ts";
import type {SessionEvent} from "../session/events.ts";
import {Session} from "../session/session.ts";
import {checkLitmus, litmusText} from "./check-litmus.ts";
import {eventsJson} from "./events-json.ts";
import {exitStatus, UsageError} from "./exit-status.ts";
import {onInterrupt} from "./on-interrupt.ts";
import {printer} from "./print-event.ts";
import {progressLine} from "./progress-line.ts";
import {readSource} from "./read-source.ts";
import {useColor} from "./use-color.ts";

export interface CheckOptions {
  readonly under?: string;
  readonly ways?: number;
  readonly brief?: boolean;
  readonly json?: boolean;
  readonly color?: boolean;
}

const models: readonly string[] = ["sc", "tso", "pso", "lkmm"] satisfies MemoryModel[];

/**
 * `quiesce check`: the `check` commands of texts, and litmus tests. Status 1 if an expectation failed, or a litmus test's condition does
 * not hold; 2 for what cannot be read or explored.
 */
export async function check(files: readonly string[], options: CheckOptions): Promise<number> {
  if (options.under !== undefined && !models.includes(options.under)) {
    throw new UsageError(
      `there is no memory model ${options.under}; there are ${models.join(", ")}`,
    );
  }
  let status: number = exitStatus.ok;
  for (const file of files) {
    const one = file.endsWith(".litmus") ? litmus(file, options) : await text(file, options);
    status = Math.max(status, one);
  }
  return status;
}

function litmus(file: string, options: CheckOptions): number {
  const answer = checkLitmus(readSource(file), (options.under ?? "lkmm") as MemoryModel);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(answer, undefined, 2)}\n`
      : litmusText(answer, options.brief === true),
  );
  return answer.holds ? exitStatus.ok : exitStatus.expectationFailed;
}

async function text(file: string, options: CheckOptions): Promise<number> {
  if (options.under !== undefined) {
    throw new UsageError(
      "--under is for litmus tests; in a text write `check safety of ... under tso`",
    );
  }
  const source = readSource(file);
  const session = new Session({
    folder: file === "-" ? "." : dirname(file),
    only: ["check", "replay"],
    answers: options.brief !== true,
    ...(options.ways === undefined ? {} : {counterexamples: options.ways}),
  });
  const events: SessionEvent[] = [];
  const print = printer({
    color: useColor(options.color),
    quiet: options.json === true,
    out: (line) => options.json !== true && process.stdout.write(line),
    err: (line) => process.stderr.write(line),
    progress: progressLine(process.stderr),
  });
  const {signal, release} = onInterrupt();
  const execution = await session.execute(
    source,
    (event) => {
      if (event.kind !== "checking") events.push(event);
      print(event);
    },
    signal,
  );
  release();
  if (options.json === true) process.stdout.write(`${eventsJson(events)}\n`);
  if (execution.interrupted) return exitStatus.interrupted;
  if (!execution.ok) return exitStatus.badInput;
  if (!events.some((event) => event.kind === "check")) {
    throw new UsageError(
      `${file} has no \`check\` command; write one, such as \`check safety of tiny for 2 cpus under tso { policy: broadcast_ipi }\``,
    );
  }
  return execution.failedExpectations > 0 ? exitStatus.expectationFailed : exitStatus.ok;
}

import {dirname} from "node:path";
import type {Stored} from "../farm/stored-result.ts";
import type {Executor} from "../plan/plan.ts";
import type {Emit, SessionEvent} from "../session/events.ts";
import {Session} from "../session/session.ts";
import {eventsJson} from "./events-json.ts";
import {exitStatus} from "./exit-status.ts";
import {onInterrupt} from "./on-interrupt.ts";
import {printer} from "./print-event.ts";
import {progressLine} from "./progress-line.ts";
import {readSource} from "./read-source.ts";
import {makeFolder, saveRun} from "./save-run.ts";
import {settingOf} from "./setting.ts";
import {useColor} from "./use-color.ts";

export interface RunOptions {
  readonly seed?: number;
  readonly executor?: Executor;
  readonly set?: readonly string[];
  readonly replications?: number;
  readonly workers?: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/**
 * `quiesce run`: executes texts, each in a session of its own. Status 0 if all went well, 1 if an expectation failed, 2 after a
 * diagnostic or a failure, 130 if it was interrupted; what had finished by then has been printed.
 */
export async function run(files: readonly string[], options: RunOptions): Promise<number> {
  if (options.out !== undefined) makeFolder(options.out);
  const {signal, release} = onInterrupt();
  const events: SessionEvent[] = [];
  const stored: Stored[] = [];
  const emit = emitter(options, events);
  let status: number = exitStatus.ok;
  try {
    for (const file of files) {
      const source = readSource(file);
      const session = new Session({
        folder: file === "-" ? "." : dirname(file),
        forecast: options.quiet !== true && options.json !== true,
        set: (options.set ?? []).map(settingOf),
        ...(options.out === undefined ? {} : {out: options.out}),
        ...(options.seed === undefined ? {} : {seed: options.seed}),
        ...(options.executor === undefined ? {} : {executor: options.executor}),
        ...(options.replications === undefined ? {} : {replications: options.replications}),
        ...(options.workers === undefined ? {} : {workers: options.workers}),
      });
      const {ok, failedExpectations, interrupted} = await session.execute(source, emit, signal);
      for (const [name, {result}] of session.finished) stored.push({kind: "run", name, result});
      if (!ok) status = exitStatus.badInput;
      else if (failedExpectations > 0 && status === exitStatus.ok)
        status = exitStatus.expectationFailed;
      if (interrupted) {
        status = exitStatus.interrupted;
        break;
      }
    }
  } finally {
    release();
  }
  if (options.out !== undefined && events.some((event) => event.kind !== "diagnostics")) {
    for (const event of events)
      if (event.kind === "check") stored.push({kind: "check", result: event.result});
    for (const file of await saveRun(events, stored, options.out))
      process.stderr.write(`wrote ${file}
`);
  }
  if (options.json === true) process.stdout.write(`${eventsJson(events)}\n`);
  return status;
}

function emitter(options: RunOptions, events: SessionEvent[]): Emit {
  const print = printer({
    color: useColor(options.color),
    quiet: options.quiet === true || options.json === true,
    out: (text) => options.json !== true && process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    progress: progressLine(process.stderr),
  });
  return (event) => {
    if (event.kind !== "progress" && event.kind !== "checking") events.push(event);
    print(event);
  };
}

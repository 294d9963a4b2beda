// The main thread's behaviour: cells run one after another, in the order they came; questions about language, history and comms are
// answered at once, also while a cell waits for something.
//
// A cell: status busy · execute_input · its outputs · execute_result or error · execute_reply · status idle. After a failure with
// stop_on_error, the cells that were already waiting are answered `aborted`, after the failing cell's idle and before any later cell.

import {type Bundle, textBundle} from "../display/bundle.ts";
import {isInterrupted, type SharedState, word} from "../io/shared-state.ts";
import type {Inbound, Outbound, Request} from "../io/traffic.ts";
import type {Content} from "../wire/message.ts";
import {type Cell, currentCell, Interrupted} from "./cell.ts";
import {cellText} from "./cell-language.ts";
import {toCodePoints, toUnits} from "./code-points.ts";
import {createDependencies} from "./dependencies.ts";
import type {Candidates, Evaluator, Outcome} from "./evaluator.ts";
import {createHistory} from "./history.ts";
import {
  type MagicSurroundings,
  magicNames,
  magicRest,
  type ReactiveMode,
  runMagic,
} from "./magics.ts";
import type {Failure, Outlet} from "./outlet.ts";
import {afterRun} from "./reactive.ts";
import {clearTimers} from "./timers.ts";

export interface KernelOptions {
  readonly post: (message: Outbound) => void;
  readonly state: SharedState;
  readonly outlet: Outlet;
  readonly evaluators: Readonly<Record<"quiesce" | "typescript", Evaluator>>;
  /** Evaluates one of a request's `user_expressions`. */
  readonly evaluate: (expression: string, cell: Cell) => Promise<Outcome>;
  /** What magics ask for: all names, a new beginning, the fixes of the last faulty cell. */
  readonly magics: Pick<MagicSurroundings, "who" | "reset" | "fixed">;
  /** Ends waits of the running cell that its abort signal does not reach. */
  readonly interrupted: () => void;
  /** Ends the process. */
  readonly leave: () => void;
}

export interface Kernel {
  handle(message: Inbound): void;
  /** Stops the running cell, if there is one: a signal has come from outside. */
  interrupt(): void;
  readonly running: Cell | undefined;
}

export function createKernel(options: KernelOptions): Kernel {
  const {post, state, outlet, evaluators} = options;
  const dependencies = createDependencies();
  let reactive: ReactiveMode = "off";
  const history = createHistory();
  const queue: Request[] = [];
  const fences = new Map<number, () => void>();
  let nextFence = 0;
  let count = 0;
  let serial = 0;
  let running: Cell | undefined;
  let pumping = false;

  const status = (request: Request, name: "busy" | "idle", cell: boolean): void =>
    post({kind: "status", state: name, parent: request.header, cell});
  const reply = (request: Request, content: Content): void =>
    post({kind: "reply", origin: request, content});

  const pump = async (): Promise<void> => {
    if (pumping) return;
    pumping = true;
    for (let request = queue.shift(); request !== undefined; request = queue.shift()) {
      const answer = await execute(request);
      const stop = answer.status === "error" && request.content.stop_on_error !== false;
      // What the front end sent together with the failing cell may still be on its way through the I/O thread. What it sends after it has
      // seen the failure is a new beginning; so the waiting cells are gathered before the failure is answered.
      if (stop) await fence();
      const waiting = stop ? queue.splice(0) : [];
      reply(request, answer);
      status(request, "idle", true);
      for (const each of waiting) {
        status(each, "busy", false);
        reply(each, {status: "aborted", execution_count: count});
        status(each, "idle", false);
      }
    }
    pumping = false;
  };

  /** Resolves when everything that had reached this process has reached the queue. */
  const fence = (): Promise<void> =>
    new Promise((resolve) => {
      const id = nextFence++;
      fences.set(id, resolve);
      post({kind: "fence", id});
    });

  /** Runs one cell; the content of its reply. */
  const execute = async (request: Request): Promise<Content> => {
    const {content} = request;
    const text = String(content.code ?? "");
    const silent = content.silent === true;
    const stored = !silent && content.store_history !== false;
    if (stored) history.add(++count, text);
    const cell: Cell = {
      origin: request,
      serial: ++serial,
      number: count,
      source: text,
      key: String(request.metadata.cellId ?? text),
      silent,
      allowStdin: content.allow_stdin === true,
      abort: new AbortController(),
      timers: new Set(),
      spent: {text: 0, display: 0},
    };
    running = cell;
    Atomics.store(state.words, word.running, cell.serial);
    status(request, "busy", true);
    if (!silent) {
      post({
        kind: "publish",
        parent: request.header,
        type: "execute_input",
        content: {code: text, execution_count: count},
      });
    }
    const asked = /^\s*([\w$.]+)\s*\?\s*$/.exec(text)?.[1];
    let outcome: Outcome;
    let payload: readonly Content[] = [];
    try {
      if (text.trim() === "") outcome = {ok: true};
      else if (magicRest(text) !== undefined) {
        const magic = await currentCell.run(cell, () => runMagic(text, around(cell)));
        payload = magic?.payload ?? [];
        outcome = magic ?? {ok: true};
      } else if (asked !== undefined) {
        // `name?` is no code in either language: it asks for what hovering shows, in the pager.
        const page = await describe(asked);
        payload = [{source: "page", data: page.data, start: 0}];
        outcome = {ok: true};
      } else outcome = await evaluate(text, cell);
      if (outcome.ok && outcome.names !== undefined) {
        const again = (other: string): Promise<Outcome> => evaluate(other, cell);
        outcome = await afterRun(cell, outcome, reactive, dependencies, outlet, again);
      }
    } catch (error) {
      // A fault of ours: say so, with the stack, and go on.
      const {name, message, stack} = error as Error;
      const traceback = [`internal error of the kernel: ${stack ?? message}`];
      outcome = {ok: false, failure: {ename: name, evalue: message, traceback}};
    }
    if (outcome.ok && outcome.result !== undefined) {
      outlet.result(cell, outcome.result);
      if (stored) history.result(String(outcome.result.data["text/plain"] ?? ""));
    }
    if (!outcome.ok) outlet.error(cell, outcome.failure);
    const answer = outcome.ok
      ? {
          status: "ok",
          execution_count: cell.number,
          payload,
          user_expressions: await expressions(content.user_expressions, cell),
        }
      : {status: "error", execution_count: cell.number, ...outcome.failure};
    // A loop guard has ended the cell before the message for it was read.
    if (isInterrupted(state.words)) stop(cell);
    Atomics.store(state.words, word.running, 0);
    running = undefined;
    return answer;
  };

  const evaluate = (text: string, cell: Cell): Promise<Outcome> => {
    const {language, source} = cellText(text);
    return currentCell.run(cell, () => evaluators[language].run(source, cell));
  };

  const around = (cell: Cell): MagicSurroundings => ({
    ...options.magics,
    async reset() {
      dependencies.forget();
      return await options.magics.reset();
    },
    run: (text) => evaluate(text, cell),
    print: (text) => outlet.stream(cell, "stdout", text),
    get reactive() {
      return reactive;
    },
    set reactive(mode) {
      reactive = mode;
    },
  });

  const stop = (cell: Cell): void => {
    if (cell.abort.signal.aborted) return;
    cell.abort.abort(new Interrupted());
    clearTimers(cell);
    options.interrupted();
  };

  /** What is known about a name, in whichever language knows it. */
  const describe = async (name: string): Promise<Bundle> => {
    for (const evaluator of [evaluators.quiesce, evaluators.typescript]) {
      const found = await evaluator.inspect(name, name.length, 1);
      if (found !== undefined) return found;
    }
    return textBundle(`nothing is known about ${name}`);
  };

  const expressions = async (wanted: unknown, cell: Cell): Promise<Content> => {
    const out: Record<string, unknown> = {};
    if (typeof wanted !== "object" || wanted === null) return out;
    for (const [name, expression] of Object.entries(wanted)) {
      const value = await currentCell.run(cell, () => options.evaluate(String(expression), cell));
      out[name] = value.ok
        ? {status: "ok", data: value.result?.data ?? {}, metadata: value.result?.metadata ?? {}}
        : {status: "error", ...value.failure};
    }
    return out;
  };

  const answers: Readonly<Record<string, (content: Content) => Promise<Content> | Content>> = {
    async complete_request(content) {
      const code = String(content.code ?? "");
      const at = toUnits(code, Number(content.cursor_pos ?? code.length));
      if (/^\s*%\w*$/.test(code.slice(0, at))) {
        const start = code.indexOf("%");
        const names = magicNames.filter((name) => name.startsWith(code.slice(start, at)));
        const candidates = names.map((text) => ({text, type: "magic"}));
        return completionReply(code, {start, end: at, candidates});
      }
      const {language, source} = cellText(code);
      return completionReply(code, await evaluators[language].complete(source, at));
    },
    async inspect_request(content) {
      const code = String(content.code ?? "");
      const at = toUnits(code, Number(content.cursor_pos ?? code.length));
      const {language, source} = cellText(code);
      const detail = content.detail_level === 1 ? 1 : 0;
      const bundle = await evaluators[language].inspect(source, at, detail);
      return {
        status: "ok",
        found: bundle !== undefined,
        data: bundle?.data ?? {},
        metadata: bundle?.metadata ?? {},
      };
    },
    async is_complete_request(content) {
      const code = String(content.code ?? "");
      // A magic alone is the beginning of a cell.
      if (/^\s*%%\w+\s*$/.test(code)) return {status: "incomplete", indent: ""};
      const magic = magicRest(code);
      if (magic !== undefined && magic.name !== "time") return {status: "complete"};
      const {language, source} = cellText(magic?.rest ?? code);
      return {...(await evaluators[language].isComplete(source))};
    },
    history_request: (content) => history.answer(content),
    comm_info_request: () => ({status: "ok", comms: {}}),
  };

  const question = async (request: Request): Promise<void> => {
    status(request, "busy", false);
    const type = request.header.msg_type;
    try {
      const answer = answers[type];
      if (answer !== undefined) reply(request, await answer(request.content));
      else if (type === "comm_open") {
        // There are no comm targets here, and the other side should not wait for one.
        post({
          kind: "publish",
          parent: request.header,
          type: "comm_close",
          content: {comm_id: request.content.comm_id, data: {}},
        });
      }
    } catch (error) {
      const failure: Failure = {
        ename: (error as Error).name,
        evalue: (error as Error).message,
        traceback: [],
      };
      reply(request, {status: "error", ...failure});
    }
    status(request, "idle", false);
  };

  return {
    get running() {
      return running;
    },
    handle(message) {
      if (message.kind === "fence") {
        fences.get(message.id)?.();
        fences.delete(message.id);
      } else if (message.kind === "shutdown") options.leave();
      else if (message.kind === "interrupt") {
        if (running?.serial === message.serial) stop(running);
      } else if (message.kind === "request") {
        const {request} = message;
        if (request.header.msg_type !== "execute_request") void question(request);
        else {
          queue.push(request);
          void pump();
        }
      }
    },
    interrupt() {
      if (running === undefined) return;
      Atomics.store(state.words, word.interrupt, running.serial);
      stop(running);
    },
  };
}

function completionReply(code: string, found: Candidates): Content {
  const start = toCodePoints(code, found.start);
  const end = toCodePoints(code, found.end);
  return {
    status: "ok",
    matches: found.candidates.map(({text}) => text),
    cursor_start: start,
    cursor_end: end,
    metadata: {
      _jupyter_types_experimental: found.candidates.map(({text, type, signature}) => ({
        start,
        end,
        text,
        type,
        ...(signature === undefined ? {} : {signature}),
      })),
    },
  };
}

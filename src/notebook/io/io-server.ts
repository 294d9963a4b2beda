// The I/O thread's behaviour: it owns the sockets, so that a kernel whose main thread is in a loop still answers.
//
//   front end ──shell──▶ kernel_info: answered here     others ──▶ main thread ──▶ replies, outputs, status ──▶ front end
//             ─control─▶ interrupt, shutdown, usage, kernel_info: answered here
//             ──stdin──▶ the line goes into shared memory, where `prompt()` waits for it
//
// Rules: (1) status busy and idle surround every answer and carry the request as parent; (2) gathered stream text leaves before any other
// iopub message; (3) whatever cannot be answered gets a reply with status error, never silence; (4) a message with a wrong signature is
// logged once and dropped.

import {hostname, loadavg} from "node:os";
import type {KernelSockets, RequestChannel} from "../wire/kernel-sockets.ts";
import {log} from "../wire/log.ts";
import {
  type Content,
  decodeMessage,
  encodeMessage,
  type Header,
  newHeader,
} from "../wire/message.ts";
import type {Signer} from "../wire/signature.ts";
import {cancelInput, deliverInput, type SharedState, sendInside, word} from "./shared-state.ts";
import {createSleepWatch} from "./sleep-watch.ts";
import {createStreamCoalescer} from "./stream-coalescer.ts";
import type {Inbound, Origin, Outbound} from "./traffic.ts";

/** How long [ms] a cell has to end by its loop guards, which run its `finally` blocks; a SIGINT does not. */
const signalAfter = 15;
/** After how long [ms] a SIGINT that has come to nothing is sent again. */
const signalAgain = 1000;

export interface IoServerOptions {
  readonly signer: Signer;
  readonly state: SharedState;
  readonly session: string;
  readonly info: Content;
  readonly post: (message: Inbound) => void;
  /** Interrupts the main thread, wherever it is. */
  readonly interrupt: () => void;
  /** Calls back for each SIGINT from outside, or no longer. */
  readonly listen: (on: boolean, interrupt: () => void) => void;
  /** Ends the process even if the main thread never looks up again; called after the replies are sent. */
  readonly shutdown: () => void;
}

export interface IoServer {
  /** One multipart message from a socket. */
  receive(channel: RequestChannel, parts: Buffer[]): void;
  /** One message from the main thread. */
  handle(message: Outbound): void;
  /** The sockets, once they are bound. */
  attach(sockets: KernelSockets): void;
}

const mainRequests: ReadonlySet<string> = new Set([
  "execute_request",
  "complete_request",
  "inspect_request",
  "is_complete_request",
  "history_request",
  "comm_info_request",
  "comm_open",
  "comm_msg",
  "comm_close",
]);

export function createIoServer(options: IoServerOptions): IoServer {
  const {signer, state, session, post} = options;
  let sockets: KernelSockets | undefined;
  let runningCell: Header | undefined;
  let badSignatures = 0;

  const emit = (
    channel: RequestChannel | "iopub",
    identities: readonly Uint8Array[],
    type: string,
    parent: Header | undefined,
    content: Content,
    metadata: Content = {},
  ): void => {
    const header = newHeader(type, session);
    const message = {identities, header, parent: parent ?? {}, metadata, content, buffers: []};
    sockets?.send(channel, encodeMessage(message, signer));
  };
  const publish = (
    type: string,
    parent: Header | undefined,
    content: Content,
    metadata?: Content,
  ): void => {
    const topic = Buffer.from(`kernel.${session}.${type}`);
    emit("iopub", [topic], type, parent, content, metadata);
  };
  const streams = createStreamCoalescer((parent, name, text) =>
    publish("stream", parent, {name, text}),
  );
  const watch = createSleepWatch((parent, name, text) => streams.add(parent, name, text));
  const publishNow: typeof publish = (...message) => {
    streams.flush(); // (2)
    publish(...message);
  };
  const status = (executionState: string, parent: Header | undefined): void =>
    publishNow("status", parent, {execution_state: executionState});
  const reply = (origin: Origin, content: Content, metadata?: Content): void => {
    const type = origin.header.msg_type.replace(/_request$/, "_reply");
    emit(origin.channel, origin.identities, type, origin.header, content, metadata);
  };
  /** Answers a request on this thread, between its busy and its idle (1). */
  const answer = (origin: Origin, content: Content): void => {
    status("busy", origin.header);
    reply(origin, content);
    status("idle", origin.header);
    // The indicator of a front end follows the last status it saw, whosever it was.
    if (runningCell !== undefined) status("busy", runningCell);
  };
  const refuse = (origin: Origin): void =>
    answer(origin, {
      status: "error",
      ename: "NotImplemented",
      evalue: `this kernel does not answer ${origin.header.msg_type} on the ${origin.channel} channel`,
      traceback: [],
    });

  const shutdown = (origin: Origin, content: Content): void => {
    const done = {status: "ok", restart: content.restart === true};
    status("busy", origin.header);
    reply(origin, done);
    publishNow("shutdown_reply", origin.header, done);
    status("idle", origin.header);
    // A command that the main thread waits for would outlive it.
    watch.interrupt(true);
    options.shutdown();
  };
  let insisting = 0;
  const interrupt = (): void => {
    const serial = Atomics.load(state.words, word.running);
    if (serial === 0) return;
    // A loop sees the word, a wait ends with the message, and code without either gets the signal.
    Atomics.store(state.words, word.interrupt, serial);
    post({kind: "interrupt", serial});
    cancelInput(state);
    watch.interrupt(true);
    if (insisting !== serial) insist(serial, 0);
    insisting = serial;
  };
  // The cell may have been about to wait for input or for a child process when it was looked at.
  const insist = (serial: number, wait: number): void => {
    setTimeout(() => {
      if (Atomics.load(state.words, word.running) !== serial) return;
      cancelInput(state);
      watch.interrupt(false);
      const sent = wait <= 0 && sendInside(state.words, serial, options.interrupt);
      insist(serial, sent ? signalAgain : wait - signalAfter);
    }, signalAfter);
  };

  return {
    attach(bound) {
      sockets = bound;
    },
    receive(channel, parts) {
      const message = decodeMessage(parts, signer);
      if (typeof message === "string") {
        if (badSignatures++ === 0) log(`message dropped: ${message}`); // (4)
        return;
      }
      const {identities, header, metadata, content, buffers} = message;
      const origin: Origin = {channel, identities, header};
      const type = header.msg_type;
      if (channel === "stdin") {
        if (type === "input_reply") deliverInput(state, String(content.value ?? ""));
      } else if (type === "kernel_info_request") answer(origin, options.info);
      else if (type === "shutdown_request") shutdown(origin, content);
      else if (channel === "control" && type === "interrupt_request") {
        interrupt();
        answer(origin, {status: "ok"});
      } else if (channel === "control" && type === "usage_request") answer(origin, usage());
      else if (channel === "shell" && mainRequests.has(type)) {
        post({kind: "request", request: {...origin, metadata, content, buffers}});
      } else if (type.endsWith("_request"))
        refuse(origin); // (3)
      else log(`ignored ${type} on ${channel}`);
    },
    handle(message) {
      if (message.kind === "stream") streams.add(message.parent, message.name, message.text);
      else if (message.kind === "publish") {
        publishNow(message.type, message.parent, message.content, message.metadata);
      } else if (message.kind === "reply") {
        streams.flush();
        reply(message.origin, message.content, message.metadata);
      } else if (message.kind === "status") {
        if (message.cell) runningCell = message.state === "busy" ? message.parent : undefined;
        status(message.state, message.parent);
        if (!message.cell && message.state === "idle" && runningCell !== undefined) {
          status("busy", runningCell);
        }
      } else if (message.kind === "input") {
        streams.flush();
        const {identities, header} = message.origin;
        const content = {prompt: message.prompt, password: message.password};
        emit("stdin", identities, "input_request", header, content);
      } else if (message.kind === "asleep") watch.asleep(message);
      else if (message.kind === "awake") watch.awake();
      else if (message.kind === "signals") {
        options.listen(message.listen, interrupt);
        if (message.listen) return;
        Atomics.store(state.words, word.watching, 0);
        Atomics.notify(state.words, word.watching);
      } else if (message.kind === "fence") {
        // What is already on this machine's loopback arrives within the delay and is passed on before the fence.
        setTimeout(() => post({kind: "fence", id: message.id}), 10);
      } else {
        streams.flush();
        sockets?.close();
      }
    },
  };
}

function usage(): Content {
  const memory = process.memoryUsage();
  const cpu = process.cpuUsage();
  return {
    status: "ok",
    hostname: hostname(),
    pid: process.pid,
    kernel_memory: memory.rss,
    // Seconds of processor time since the kernel began; the protocol leaves the meaning to the kernel.
    kernel_cpu: (cpu.user + cpu.system) / 1e6,
    host_load: loadavg(),
  };
}

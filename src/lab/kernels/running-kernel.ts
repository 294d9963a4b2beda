// One kernel with everybody who is connected to it. The server holds one set of sockets; what browsers send goes out over it, replies go
// back to whoever asked, and what the kernel publishes goes to all.
//
// (1) Until a subscription has been seen to work, messages of browsers wait: what is published before that would be lost.
// (2) A reply and a question for input belong to the sender of the request they name as parent; if that one is gone, they are dropped.
// (3) A kernel that dies without being asked to is started again, with the same id; browsers are told, since its variables are gone. One
//     that dies before it ever answered, or three times within ten seconds, stays dead.

import type {ClientChannel, ClientSockets} from "../../notebook/client/client-sockets.ts";
import {connectSockets} from "../../notebook/client/client-sockets.ts";
import {type LaunchedKernel, launchKernel} from "../../notebook/client/launch-kernel.ts";
import {joinFrames, splitFrames} from "../../notebook/wire/frame.ts";
import {newHeader} from "../../notebook/wire/message.ts";
import {createSigner, type Signer} from "../../notebook/wire/signature.ts";
import type {ChannelMessage} from "./websocket-frames.ts";

type ExecutionState = "starting" | "idle" | "busy" | "restarting" | "dead";

/** Somebody who is connected. */
export interface Listener {
  receive(message: ChannelMessage): void;
}

export interface RunningKernel {
  readonly id: string;
  readonly state: ExecutionState;
  /** ISO 8601: the last message in either direction. */
  readonly lastActivity: string;
  readonly listeners: ReadonlySet<Listener>;
  /** Settles when the kernel answers; rejects with what it wrote to its standard error when it cannot start. */
  readonly ready: Promise<void>;
  connect(listener: Listener): void;
  disconnect(listener: Listener): void;
  send(listener: Listener, message: ChannelMessage): void;
  interrupt(): Promise<void>;
  restart(): Promise<void>;
  /** Asks it to leave, and kills it after 5 s. */
  shutdown(): Promise<void>;
}

export interface KernelPlace {
  readonly id: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

const nudgeEvery = 200; // ms
const startTimeout = 60_000; // ms
const leaveTimeout = 5000; // ms
const deathsToStay = 3;
const deathWindow = 10_000; // ms

/** One life of the process, between two restarts. */
interface Life {
  readonly launched: LaunchedKernel;
  readonly sockets: ClientSockets;
  readonly signer: Signer;
  ended: boolean;
  /** Whether an end is what was asked for. */
  leaving: boolean;
}

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value), "utf8");

/** Starts a kernel; it answers when `ready` has settled. */
export function startRunningKernel({id, cwd, env}: KernelPlace): RunningKernel {
  const listeners = new Set<Listener>();
  const askers = new Map<string, Listener>();
  const waiting: (() => void)[] = [];
  const deaths: number[] = [];
  let state: ExecutionState = "starting";
  let lastActivity = new Date().toISOString();
  let life: Life | undefined;
  let answered: Promise<void>;
  let onNudge: ((channel: ClientChannel) => void) | undefined;
  let isReady = false;

  const tell = (message: ChannelMessage): void => {
    for (const listener of listeners) listener.receive(message);
  };
  const tellState = (executionState: ExecutionState): void => {
    const header = newHeader("status", id);
    const body = [header, {}, {}, {execution_state: executionState}].map(json);
    tell({channel: "iopub", body, buffers: []});
  };
  const transmit = (channel: "shell" | "control" | "stdin", message: ChannelMessage): void => {
    if (life === undefined) return;
    const {sockets, signer} = life;
    const {body, buffers} = message;
    sockets.send(
      channel,
      joinFrames({identities: [], signature: signer.sign(body), body, buffers}),
    );
  };
  const ask = (type: string, channel: "shell" | "control", content: object): string => {
    const header = newHeader(type, id, "server");
    transmit(channel, {channel, body: [header, {}, {}, content].map(json), buffers: []});
    return header.msg_id;
  };

  const receive = (from: Life, channel: ClientChannel, parts: Buffer[]): void => {
    if (from.ended) return;
    const frames = splitFrames(channel === "iopub" ? parts.slice(1) : parts);
    if (typeof frames === "string" || !from.signer.verify(frames.signature, frames.body)) return;
    lastActivity = new Date().toISOString();
    const [header, parent, , content] = frames.body.map((part) => JSON.parse(String(part))) as [
      {msg_type?: string},
      {msg_id?: string; session?: string},
      unknown,
      {execution_state?: ExecutionState},
    ];
    const message = {channel, body: frames.body, buffers: frames.buffers};
    if (parent.session === id) {
      onNudge?.(channel);
      if (channel !== "iopub") settled.get(parent.msg_id ?? "")?.();
      return;
    }
    if (channel === "iopub") {
      if (header.msg_type === "status" && content.execution_state !== undefined) {
        state = content.execution_state;
      }
      tell(message);
      return;
    }
    const asker = askers.get(parent.msg_id ?? ""); // (2)
    if (channel !== "stdin") askers.delete(parent.msg_id ?? "");
    if (asker !== undefined && listeners.has(asker)) asker.receive(message);
  };
  const settled = new Map<string, () => void>();

  const begin = async (): Promise<void> => {
    isReady = false;
    const launched = await launchKernel(cwd, env);
    const signer = createSigner(launched.connection.key, launched.connection.scheme);
    const sockets = connectSockets(launched.connection, (channel, parts) =>
      receive(born, channel, parts),
    );
    const born: Life = {launched, sockets, signer, ended: false, leaving: false};
    life = born;
    const gone = launched.exited.then(() => {
      born.ended = true;
      sockets.close();
    });
    void gone.then(() => {
      if (!born.leaving) revive();
    });
    await nudged(born, gone);
    state = "idle";
    isReady = true;
    for (const work of waiting.splice(0)) work();
  };

  // (1)
  const nudged = (born: Life, gone: Promise<void>): Promise<void> =>
    new Promise((resolve, reject) => {
      const heard = new Set<ClientChannel>();
      const finish = (fault?: Error): void => {
        clearInterval(nudge);
        clearTimeout(late);
        onNudge = undefined;
        if (fault === undefined) resolve();
        else reject(fault);
      };
      onNudge = (channel) => {
        heard.add(channel);
        if (heard.has("shell") && heard.has("iopub")) finish();
      };
      const nudge = setInterval(() => ask("kernel_info_request", "shell", {}), nudgeEvery);
      ask("kernel_info_request", "shell", {});
      const why = (): string => {
        const errors = born.launched.errors();
        return errors === "" ? "" : `: ${errors}`;
      };
      const late = setTimeout(() => {
        born.launched.child.kill("SIGKILL");
        finish(new Error(`the kernel did not answer within ${startTimeout / 1000} s${why()}`));
      }, startTimeout);
      void gone.then(() => finish(new Error(`the kernel ended before it answered${why()}`)));
    });

  const revive = (): void => {
    askers.clear();
    const now = Date.now();
    deaths.push(now);
    const recent = deaths.filter((at) => now - at < deathWindow).length;
    if (!isReady || recent >= deathsToStay) {
      state = "dead";
      tellState("dead");
      return;
    }
    state = "restarting";
    tellState("restarting");
    answered = begin();
    answered.catch(() => {
      state = "dead";
      tellState("dead");
    });
  };

  const end = async (restart: boolean): Promise<void> => {
    if (life === undefined || life.ended) return;
    const dying = life;
    dying.leaving = true;
    isReady = false;
    ask("shutdown_request", "control", {restart});
    const timer = setTimeout(() => dying.launched.child.kill("SIGKILL"), leaveTimeout);
    await dying.launched.exited;
    clearTimeout(timer);
    askers.clear();
  };

  answered = begin();
  answered.catch(() => {}); // whoever waits for `ready` hears of it
  return {
    id,
    listeners,
    get state() {
      return state;
    },
    get lastActivity() {
      return lastActivity;
    },
    get ready() {
      return answered;
    },
    connect(listener) {
      listeners.add(listener);
      if (state === "dead") tellState("dead");
    },
    disconnect(listener) {
      listeners.delete(listener);
      for (const [message, asker] of askers) if (asker === listener) askers.delete(message);
    },
    send(listener, message) {
      const {channel} = message;
      if (channel !== "shell" && channel !== "control" && channel !== "stdin") return;
      lastActivity = new Date().toISOString();
      const header = JSON.parse(String(message.body[0])) as {msg_id?: unknown};
      if (channel !== "stdin") askers.set(String(header.msg_id), listener);
      if (isReady) transmit(channel, message);
      else if (state === "dead") tellState("dead");
      else waiting.push(() => transmit(channel, message)); // (1)
    },
    async interrupt() {
      await answered;
      const request = ask("interrupt_request", "control", {});
      await new Promise<void>((resolve) => {
        settled.set(request, resolve);
        setTimeout(resolve, leaveTimeout).unref();
        void life?.launched.exited.then(() => resolve());
      });
      settled.delete(request);
    },
    async restart() {
      state = "restarting";
      await end(true);
      deaths.length = 0;
      answered = begin();
      await answered;
    },
    async shutdown() {
      await end(false);
      state = "dead";
      waiting.length = 0;
      tellState("dead");
    },
  };
}

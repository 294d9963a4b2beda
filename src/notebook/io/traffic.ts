// What the I/O thread and the main thread tell each other. Both directions are ordered; everything is structured-cloneable.

import type {RequestChannel} from "../wire/kernel-sockets.ts";
import type {Content, Header} from "../wire/message.ts";

/** A request that waits for its answer: enough to route the reply and to name it as parent. */
export interface Origin {
  readonly channel: RequestChannel;
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
}

export interface Request extends Origin {
  readonly metadata: Content;
  readonly content: Content;
  readonly buffers: readonly Uint8Array[];
}

/** To the main thread. */
export type Inbound =
  | {readonly kind: "request"; readonly request: Request}
  /** Everything that had arrived when the fence was asked for has been passed on. */
  | {readonly kind: "fence"; readonly id: number}
  /** The cell with this serial number is to stop. */
  | {readonly kind: "interrupt"; readonly serial: number}
  /** The replies are sent; leave now. */
  | {readonly kind: "shutdown"}
  /** The sockets are bound (`undefined`) or could not be. */
  | {readonly kind: "bound"; readonly failure?: string};

/** To the I/O thread. */
export type Outbound =
  | {
      readonly kind: "reply";
      readonly origin: Origin;
      readonly content: Content;
      readonly metadata?: Content;
    }
  | {
      readonly kind: "publish";
      readonly parent: Header | undefined;
      readonly type: string;
      readonly content: Content;
      readonly metadata?: Content;
    }
  | {
      readonly kind: "stream";
      readonly parent: Header | undefined;
      readonly name: "stdout" | "stderr";
      readonly text: string;
    }
  /** `cell` marks the status of an execute request; while one is busy, the status after any other request returns to busy. */
  | {
      readonly kind: "status";
      readonly state: "busy" | "idle" | "starting";
      readonly parent: Header | undefined;
      readonly cell: boolean;
    }
  | {
      readonly kind: "input";
      readonly origin: Origin;
      readonly prompt: string;
      readonly password: boolean;
    }
  /** The main thread is about to sleep until a child process ends; the child prints into `files`. */
  | {
      readonly kind: "asleep";
      readonly parent: Header | undefined;
      /** Processes that were there before. */
      readonly children: readonly number[];
      readonly files: readonly {readonly path: string; readonly name: "stdout" | "stderr"}[];
      /** Characters that the cell may still print, and what is said when they are spent. */
      readonly limit: number;
      readonly note: string;
    }
  | {readonly kind: "awake"}
  /** Listen for signals, which this thread cannot take while it is in a loop; or stop listening. */
  | {readonly kind: "signals"; readonly listen: boolean}
  | {readonly kind: "fence"; readonly id: number}
  /** Close the sockets and answer nothing more; the process ends. */
  | {readonly kind: "close"};

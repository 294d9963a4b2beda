// The main thread's side of the language thread: a promise for each question.

import {Worker} from "node:worker_threads";
import type {LanguageReplies, LanguageRequest} from "./language-requests.ts";

export interface Language {
  /** Resolves to the version of TypeScript once the converter is warm; rejects when it cannot be created. */
  readonly ready: Promise<string>;
  ask<Kind extends LanguageRequest["kind"]>(
    request: LanguageRequest & {readonly kind: Kind},
  ): Promise<LanguageReplies[Kind]>;
  close(): Promise<void>;
}

/** The thread that holds the converter died or could not be started. */
export class LanguageError extends Error {
  override readonly name = "LanguageError" as const;
}

interface Reply {
  readonly id: number;
  readonly version?: string;
  readonly reply?: unknown;
  readonly failure?: string;
}

export function startLanguage(): Language {
  // Each conversion builds a new program and throws the last one away: with the default young generation a quarter of the time is spent
  // collecting it.
  const worker = new Worker(new URL("./language-thread.js", import.meta.url), {
    resourceLimits: {maxYoungGenerationSizeMb: 96},
  });
  const waiting = new Map<
    number,
    {resolve: (value: never) => void; reject: (error: Error) => void}
  >();
  let next = 0;
  let dead: LanguageError | undefined;
  const ready = new Promise<string>((resolve, reject) => {
    waiting.set(-1, {resolve: resolve as (value: never) => void, reject});
  });
  ready.catch(() => {});
  const die = (error: LanguageError): void => {
    dead ??= error;
    for (const {reject} of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("message", (message: Reply) => {
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.failure !== undefined) call?.reject(new LanguageError(message.failure));
    else call?.resolve((message.version ?? message.reply) as never);
  });
  worker.on("error", (cause) =>
    die(new LanguageError(`the TypeScript converter failed: ${cause.message}`, {cause})),
  );
  worker.on("exit", () => die(new LanguageError("the TypeScript converter has stopped")));
  return {
    ready,
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (dead !== undefined) return reject(dead);
        const id = next++;
        waiting.set(id, {resolve, reject});
        worker.postMessage({id, request});
      }),
    async close() {
      await worker.terminate();
    },
  };
}

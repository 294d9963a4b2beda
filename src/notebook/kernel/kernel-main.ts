// Entry of the kernel process: `node kernel-main.js CONNECTION_FILE`. The I/O thread is started before anything else is loaded, so that a
// front end gets its first answer within a fraction of a second; everything slow comes after.

import {randomUUID} from "node:crypto";
import {Worker} from "node:worker_threads";
import {version} from "../../plan/version.ts";
import type {IoThreadData} from "../io/io-thread.ts";
import {kernelInfo} from "../io/kernel-info.ts";
import {sharedState} from "../io/shared-state.ts";
import type {Inbound, Outbound} from "../io/traffic.ts";
import {ConnectionError, readConnection} from "../wire/connection.ts";

const file = process.argv[2];
if (file === undefined) {
  process.stderr.write("usage: kernel-main.js CONNECTION_FILE (a front end calls this)\n");
  process.exit(2);
}
try {
  const connection = readConnection(file, process.env.QUIESCE_KERNEL_ANY_ADDRESS === "1");
  const state = sharedState();
  const workerData: IoThreadData = {
    connection,
    state: state.buffer,
    session: randomUUID(),
    info: kernelInfo(version),
  };
  const io = new Worker(new URL("../io/io-thread.js", import.meta.url), {workerData});
  const early: Inbound[] = [];
  let receive = (message: Inbound): void => {
    early.push(message);
  };
  io.on("message", (message: Inbound) => {
    if (message.kind === "bound" && message.failure !== undefined) {
      process.stderr.write(
        `quiesce kernel: cannot bind the sockets of ${file}: ${message.failure}\n`,
      );
      io.once("exit", () => process.exit(1));
      post({kind: "close"});
      return;
    }
    receive(message);
  });
  io.on("error", (error) => {
    process.stderr.write(`quiesce kernel: the I/O thread failed: ${error.stack}\n`);
    process.exit(1);
  });
  const post = (message: Outbound): void => io.postMessage(message);
  void import("./kernel-process.ts").then(({runKernel}) => {
    receive = runKernel(post, state, () => {
      io.once("exit", () => process.exit(0));
      post({kind: "close"});
    });
    for (const message of early) receive(message);
  });
} catch (error) {
  if (!(error instanceof ConnectionError)) throw error;
  process.stderr.write(`quiesce kernel: ${error.message}\n`);
  process.exit(1);
}

// The kernels that run, and the notebooks that they run for.

import {randomUUID} from "node:crypto";
import {statSync} from "node:fs";
import {dirname} from "node:path";
import {kernelName} from "../../notebook/install/kernel-spec.ts";
import type {Confinement} from "../files/confine.ts";
import {HttpFault} from "../http/answer.ts";
import {type RunningKernel, startRunningKernel} from "./running-kernel.ts";

export interface KernelModel {
  readonly id: string;
  readonly name: string;
  readonly last_activity: string;
  readonly execution_state: string;
  readonly connections: number;
}

export interface Session {
  readonly id: string;
  path: string;
  name: string;
  type: string;
  kernel: string;
}

export interface KernelPool {
  readonly kernels: ReadonlyMap<string, RunningKernel>;
  readonly sessions: ReadonlyMap<string, Session>;
  /** Starts a kernel in the folder of a path; its id. @throws {HttpFault} when it does not answer. */
  start(path: string): Promise<string>;
  /** @throws {HttpFault} 404 */
  kernel(id: string): RunningKernel;
  model(id: string): KernelModel;
  /** Ends a kernel and forgets the sessions it served. */
  stop(id: string): Promise<void>;
  /** @throws {HttpFault} 404 */
  session(id: string): Session;
  addSession(session: Omit<Session, "id">): Session;
  removeSession(id: string): void;
  stopAll(): Promise<void>;
}

export function createKernelPool(files: Confinement, env: NodeJS.ProcessEnv): KernelPool {
  const kernels = new Map<string, RunningKernel>();
  const sessions = new Map<string, Session>();
  let closing = false;
  const forget = (kernel: string): void => {
    for (const session of [...sessions.values()]) {
      if (session.kernel === kernel) sessions.delete(session.id);
    }
  };
  const pool: KernelPool = {
    kernels,
    sessions,
    async start(path) {
      if (closing) throw new HttpFault(503, "the server is ending");
      const id = randomUUID();
      const kernel = startRunningKernel({id, cwd: folderOf(files, path), env});
      kernels.set(id, kernel);
      try {
        await kernel.ready;
      } catch (cause) {
        kernels.delete(id);
        throw new HttpFault(500, (cause as Error).message, {cause});
      }
      return id;
    },
    kernel(id) {
      const kernel = kernels.get(id);
      if (kernel === undefined) throw new HttpFault(404, `there is no kernel ${id}`);
      return kernel;
    },
    model(id) {
      const {state, lastActivity, listeners} = pool.kernel(id);
      return {
        id,
        name: kernelName,
        last_activity: lastActivity,
        execution_state: state,
        connections: listeners.size,
      };
    },
    async stop(id) {
      const kernel = pool.kernel(id);
      kernels.delete(id);
      forget(id);
      await kernel.shutdown();
    },
    session(id) {
      const session = sessions.get(id);
      if (session === undefined) throw new HttpFault(404, `there is no session ${id}`);
      return session;
    },
    addSession(session) {
      const added = {...session, id: randomUUID()};
      sessions.set(added.id, added);
      return added;
    },
    removeSession: (id) => void sessions.delete(id),
    async stopAll() {
      closing = true;
      sessions.clear();
      await Promise.all([...kernels.values()].map((kernel) => kernel.shutdown()));
      kernels.clear();
    },
  };
  return pool;
}

// A console has a path that is no file; it runs where the path would be.
function folderOf(files: Confinement, path: string): string {
  try {
    const place = files.content(path);
    return statSync(place, {throwIfNoEntry: false})?.isDirectory() === true
      ? place
      : dirname(place);
  } catch (error) {
    if (error instanceof HttpFault && error.status === 404) return files.root;
    throw error;
  }
}

// `/api/sessions`: which document is run by which kernel. A document has one session; asking for a second gives the first.

import {
  type Answer,
  type Call,
  done,
  type Handler,
  HttpFault,
  json,
  noSuchMethod,
} from "../http/answer.ts";
import type {KernelPool, Session} from "../kernels/kernel-pool.ts";
import {requireKernelName} from "./kernel-specs.ts";

type Body = Readonly<Record<string, unknown>>;

export function sessionsHandler(pool: KernelPool): Handler {
  // Two requests for one document at the same time must not start two kernels.
  const starting = new Map<string, Promise<Answer>>();
  return async (call: Call) => {
    if (call.path === "") {
      if (call.method === "GET") {
        return json([...pool.sessions.values()].map((session) => model(pool, session)));
      }
      if (call.method !== "POST") return noSuchMethod(call);
      const body = await call.json();
      const key = `${text(body, "type", "notebook")}:${text(body, "path", "")}`;
      const work = starting.get(key) ?? create(pool, body).finally(() => starting.delete(key));
      starting.set(key, work);
      return await work;
    }
    const session = pool.session(call.path);
    if (call.method === "GET") return json(model(pool, session));
    if (call.method === "PATCH") return await change(pool, session, await call.json());
    if (call.method !== "DELETE") return noSuchMethod(call);
    if (pool.kernels.has(session.kernel)) await pool.stop(session.kernel);
    pool.removeSession(session.id);
    return done;
  };
}

async function create(pool: KernelPool, body: Body): Promise<Answer> {
  const path = text(body, "path", "");
  const type = text(body, "type", "notebook");
  if (path === "") throw new HttpFault(400, "`path` is the document's path");
  const existing = [...pool.sessions.values()].find(
    (session) => session.path === path && session.type === type,
  );
  if (existing !== undefined) return json(model(pool, existing), 201);
  const name = text(body, "name", "");
  const kernel = await kernelFor(pool, body, path);
  return json(model(pool, pool.addSession({path, type, name, kernel})), 201);
}

async function change(pool: KernelPool, session: Session, body: Body): Promise<Answer> {
  const before = session.kernel;
  if (body.kernel !== undefined && body.kernel !== null) {
    session.kernel = await kernelFor(pool, body, session.path);
  }
  session.path = text(body, "path", session.path);
  session.name = text(body, "name", session.name);
  session.type = text(body, "type", session.type);
  const unused = [...pool.sessions.values()].every(({kernel}) => kernel !== before);
  if (unused && pool.kernels.has(before)) await pool.stop(before);
  return json(model(pool, session));
}

async function kernelFor(pool: KernelPool, body: Body, path: string): Promise<string> {
  const {id, name} = (body.kernel ?? {}) as {readonly id?: unknown; readonly name?: unknown};
  if (typeof id === "string") return pool.model(id).id;
  requireKernelName(name);
  return await pool.start(path);
}

function model(pool: KernelPool, {id, path, name, type, kernel}: Session): object {
  const notebook = type === "notebook" ? {notebook: {path, name}} : {};
  return {id, path, name, type, kernel: pool.model(kernel), ...notebook};
}

function text(body: Body, field: string, fallback: string): string {
  const value = body[field] ?? fallback;
  if (typeof value !== "string") throw new HttpFault(400, `\`${field}\` is not a text`);
  return value;
}

// `/api/kernels`: start, look, interrupt, restart, end.

import {done, type Handler, HttpFault, json, noSuchMethod} from "../http/answer.ts";
import type {KernelPool} from "../kernels/kernel-pool.ts";
import {requireKernelName} from "./kernel-specs.ts";

export function kernelsHandler(pool: KernelPool): Handler {
  return async (call) => {
    const [id, verb] = call.path.split("/");
    if (id === undefined || id === "") {
      if (call.method === "GET") return json([...pool.kernels.keys()].map(pool.model));
      if (call.method !== "POST") return noSuchMethod(call);
      const {name, path} = await call.json();
      requireKernelName(name);
      return json(pool.model(await pool.start(typeof path === "string" ? path : "")), 201);
    }
    const kernel = pool.kernel(id);
    if (verb === undefined) {
      if (call.method === "GET") return json(pool.model(id));
      if (call.method !== "DELETE") return noSuchMethod(call);
      await pool.stop(id);
      return done;
    }
    if (call.method !== "POST") return noSuchMethod(call);
    if (verb === "interrupt") {
      await kernel.interrupt();
      return done;
    }
    if (verb !== "restart") throw new HttpFault(404, `a kernel cannot ${verb}`);
    try {
      await kernel.restart();
    } catch (cause) {
      throw new HttpFault(500, (cause as Error).message, {cause});
    }
    return json(pool.model(id));
  };
}

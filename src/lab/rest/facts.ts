// The small resources that JupyterLab asks for once: who is there, how the server is, what it can and cannot do.

import {userInfo} from "node:os";
import {version} from "../../plan/version.ts";
import {type Handler, HttpFault, json} from "../http/answer.ts";
import type {KernelPool} from "../kernels/kernel-pool.ts";

/** `/api`: clients take the interface's version from it; 2 is that of the Jupyter server whose interface this is. */
export const apiVersion: Handler = ({path}) => {
  if (path !== "") throw new HttpFault(404, `there is no /api/${path}`);
  return json({version: "2.0.0", quiesce: version});
};

/** `/api/me`: whoever holds the token is the user who started the server. */
export const identity: Handler = () => {
  const {username} = userInfo();
  const name = {username, name: username, display_name: username};
  const initials = username.slice(0, 2).toUpperCase();
  return json({
    identity: {...name, initials, avatar_url: null, color: null},
    permissions: {},
  });
};

/** `/api/status` */
export function status(pool: KernelPool): Handler {
  const started = new Date().toISOString();
  return () => {
    const kernels = [...pool.kernels.values()];
    const connections = kernels.reduce((sum, {listeners}) => sum + listeners.size, 0);
    const last = kernels
      .map(({lastActivity}) => lastActivity)
      .reduce((a, b) => (a > b ? a : b), started);
    return json({started, last_activity: last, kernels: kernels.length, connections});
  };
}

/** `/api/config/SECTION`: what front ends keep while the server runs. */
export function configSections(): Handler {
  const sections = new Map<string, Readonly<Record<string, unknown>>>();
  return async (call) => {
    const before = sections.get(call.path) ?? {};
    if (call.method === "GET") return json(before);
    const given = await call.json();
    const next = call.method === "PATCH" ? {...before, ...given} : given;
    sections.set(call.path, next);
    return json(next);
  };
}

/** `/lab/api/translations`: English, which needs no catalogue. */
export const translations: Handler = ({path}) =>
  json(
    path === ""
      ? {data: {en: {displayName: "English", nativeName: "English"}}, message: ""}
      : {data: {}, message: ""},
  );

/** `/api/nbconvert`: no converters; `quiesce notebook run --html` makes pages. */
export const converters: Handler = () => json({});

/** `/api/terminals`: there are none. */
export const terminals: Handler = () => {
  throw new HttpFault(404, "this server opens no terminals");
};

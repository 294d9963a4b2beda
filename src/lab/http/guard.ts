// Who may talk to the server. A kernel runs any code, so every request is somebody who may do everything as this user, or nobody.
//
// (1) The Host is this server's own address. A page of another name that resolves to 127.0.0.1 (DNS rebinding) is refused.
// (2) Whoever has neither the token (`?token=`, or `Authorization: token …`) nor the cookie gets nothing but a page that says so.
// (3) A request that a browser made for another site is refused: `Origin`, where it is sent, is this server; it has to be sent with a
//     cookie for whatever changes something and for every WebSocket, which browsers always do.
// (4) Secrets are compared in time that does not depend on where they differ.

import {createHash, randomBytes, timingSafeEqual} from "node:crypto";
import type {IncomingMessage} from "node:http";

export type Admission =
  | {readonly kind: "admitted"}
  /** The token came in the address of a page: give the cookie, and take the token out of the address. */
  | {readonly kind: "entering"; readonly cookie: string}
  | {readonly kind: "refused"; readonly status: 401 | 403; readonly why: string};

export interface Guard {
  /** Part of the address that is printed. */
  readonly token: string;
  admit(request: IncomingMessage, url: URL): Admission;
}

/** A guard with fresh secrets for the server at a port. */
export function createGuard(port: number, token: string = randomBytes(24).toString("hex")): Guard {
  const cookieName = `quiesce-lab-${port}`;
  const cookieValue = randomBytes(24).toString("hex");
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  const refused = (status: 401 | 403, why: string): Admission => ({kind: "refused", status, why});
  return {
    token,
    admit(request, url) {
      const {host, origin, authorization, cookie} = request.headers;
      if (host === undefined || !hosts.has(host.toLowerCase())) {
        return refused(403, `this server answers to 127.0.0.1:${port} and localhost:${port} only`); // (1)
      }
      if (origin !== undefined && origin !== `http://${host.toLowerCase()}`) {
        return refused(403, "the request comes from a page of another site"); // (3)
      }
      const inAddress = url.searchParams.get("token");
      const header = /^(?:token|bearer)\s+(\S+)$/i.exec(authorization ?? "")?.[1];
      if (header !== undefined && equal(header, token)) return {kind: "admitted"};
      if (inAddress !== null && equal(inAddress, token)) {
        const isPage = request.method === "GET" && url.pathname.startsWith("/lab");
        if (!isPage || request.headers.upgrade !== undefined) return {kind: "admitted"};
        const value = `${cookieName}=${cookieValue}; Path=/; HttpOnly; SameSite=Strict`;
        return {kind: "entering", cookie: value};
      }
      const shown = cookieOf(cookie, cookieName);
      if (shown === undefined || !equal(shown, cookieValue)) {
        return refused(
          401,
          "open the address that `quiesce lab` printed: it carries the token that lets you in",
        ); // (2)
      }
      const changes = request.method !== "GET" && request.method !== "HEAD";
      if ((changes || request.headers.upgrade !== undefined) && origin === undefined) {
        return refused(403, "the request does not say which page it comes from"); // (3)
      }
      return {kind: "admitted"};
    },
  };
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const [key, value] = part.trim().split("=", 2);
    if (key === name) return value;
  }
  return undefined;
}

// (4) Digests have one length, whatever was sent.
function equal(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

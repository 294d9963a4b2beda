import assert from "node:assert/strict";
import type {IncomingMessage} from "node:http";
import {describe, it} from "node:test";
import {type Admission, createGuard} from "./guard.ts";

const port = 8888;
const own = "http://127.0.0.1:8888";
const guard = createGuard(port, "right");
const cookie = (() => {
  const entering = admit("/lab?token=right", {});
  assert.ok(entering.kind === "entering");
  return entering.cookie.split(";")[0] as string;
})();

function admit(path: string, headers: Readonly<Record<string, string>>, method = "GET"): Admission {
  const request = {method, headers: {host: "127.0.0.1:8888", ...headers}};
  return guard.admit(request as unknown as IncomingMessage, new URL(path, own));
}

function kind(...call: Parameters<typeof admit>): string {
  const admission = admit(...call);
  return admission.kind === "refused" ? String(admission.status) : admission.kind;
}

describe("the guard", () => {
  it("lets nobody in without the token", () => {
    assert.equal(kind("/lab", {}), "401");
    assert.equal(kind("/lab?token=wrong", {}), "401");
    assert.equal(kind("/lab?token=", {}), "401");
    assert.equal(kind("/api/contents", {authorization: "token wrong"}), "401");
    assert.equal(kind("/api/contents", {cookie: "quiesce-lab-8888=guess"}), "401");
    assert.equal(kind("/api/contents", {cookie: cookie.replace("8888", "8889")}), "401");
  });

  it("gives the cookie for the token in a page's address, once and for this site only", () => {
    const entering = admit("/lab/tree/a.ipynb?token=right", {});
    assert.ok(entering.kind === "entering");
    assert.match(
      entering.cookie,
      /^quiesce-lab-8888=[0-9a-f]{48}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    assert.ok(!entering.cookie.includes("right"), "the cookie is not the token");
  });

  it("takes the token from programs in the address or the header", () => {
    assert.equal(kind("/api/kernels?token=right", {}, "POST"), "admitted");
    assert.equal(kind("/api/kernels", {authorization: "token right"}, "POST"), "admitted");
    assert.equal(kind("/api/kernels", {authorization: "Bearer right"}, "DELETE"), "admitted");
    assert.equal(kind("/api/kernels/x/channels?token=right", {upgrade: "websocket"}), "admitted");
  });

  it("takes the cookie for reading, and for changes and WebSockets only with this server's origin", () => {
    assert.equal(kind("/api/contents", {cookie}), "admitted");
    assert.equal(kind("/api/contents", {cookie: `a=b; ${cookie}; c=d`}), "admitted");
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      assert.equal(kind("/api/contents", {cookie}, method), "403");
      assert.equal(kind("/api/contents", {cookie, origin: own}, method), "admitted");
    }
    assert.equal(kind("/api/kernels/x/channels", {cookie, upgrade: "websocket"}), "403");
    assert.equal(
      kind("/api/kernels/x/channels", {cookie, upgrade: "websocket", origin: own}),
      "admitted",
    );
  });

  it("refuses pages of other sites, with whatever secret", () => {
    for (const origin of [
      "https://evil.example",
      "http://127.0.0.1:9999",
      "http://localhost:8888",
      "null",
    ]) {
      assert.equal(kind("/api/contents", {cookie, origin}), "403", origin);
      assert.equal(kind("/api/contents?token=right", {origin}, "POST"), "403", origin);
      assert.equal(
        kind("/api/kernels/x/channels", {cookie, origin, upgrade: "websocket"}),
        "403",
        origin,
      );
    }
  });

  it("answers to its own names only, so that a name made to point here gets nothing", () => {
    for (const host of [
      "evil.example:8888",
      "127.0.0.1",
      "127.0.0.1:9999",
      "[::1]:8888",
      "127.0.0.1.evil.example:8888",
    ]) {
      assert.equal(kind("/lab?token=right", {host}), "403", host);
    }
    const local = {host: "LOCALHOST:8888"};
    assert.equal(kind("/lab?token=right", local), "entering");
    assert.equal(
      kind("/api/contents", {...local, cookie, origin: "http://localhost:8888"}, "PUT"),
      "admitted",
    );
  });
});

import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, describe, it} from "node:test";
import fc from "fast-check";
import {
  address,
  ConnectionError,
  connectionText,
  newConnection,
  readConnection,
} from "./connection.ts";
import {joinFrames, splitFrames} from "./frame.ts";
import {decodeMessage, encodeMessage, type Message, newHeader} from "./message.ts";
import {createSigner} from "./signature.ts";

const message = (content: Record<string, unknown>): Message => ({
  identities: [Buffer.from([0, 1, 255])],
  header: newHeader("execute_request", "s"),
  parent: {},
  metadata: {cellId: "c"},
  content,
  buffers: [Buffer.from([1, 2, 3])],
});

describe("a message", () => {
  it("survives the way through frames, whatever it says", () => {
    const signer = createSigner("key");
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (content) => {
        const sent = message(JSON.parse(JSON.stringify(content)) as Record<string, unknown>);
        const received = decodeMessage(encodeMessage(sent, signer), signer);
        assert.ok(typeof received === "object");
        assert.deepEqual(received.content, sent.content);
        assert.deepEqual(received.header, sent.header);
        assert.deepEqual(received.identities, sent.identities);
        assert.deepEqual(received.buffers, sent.buffers);
      }),
    );
  });

  it("is signed as Jupyter signs: HMAC-SHA256 over four frames", () => {
    // printf '%s' '{"a":1}{}{}{}' | openssl dgst -sha256 -hmac secret
    const frames = ['{"a":1}', "{}", "{}", "{}"].map((text) => Buffer.from(text));
    assert.equal(
      createSigner("secret").sign(frames),
      createSigner("secret").sign([Buffer.from('{"a":1}{}{}{}')]),
    );
    assert.equal(
      createSigner("key").sign([Buffer.from("The quick brown fox jumps over the lazy dog")]),
      "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
    );
  });

  it("is refused when any byte of it has changed", () => {
    const signer = createSigner("key");
    const parts = encodeMessage(message({code: "1"}), signer);
    for (const [index, part] of parts.entries()) {
      // Identities, the delimiter and the buffers are not part of what is signed.
      if (index < 3 || index > 6) continue;
      const changed = Buffer.from(part);
      changed[changed.length - 2] = (changed[changed.length - 2] ?? 0) ^ 1;
      assert.equal(
        decodeMessage(parts.with(index, changed), signer),
        "the signature does not match the key",
      );
    }
    const short = decodeMessage(parts.with(2, Buffer.from("ab")), signer);
    assert.equal(short, "the signature does not match the key");
  });

  it("needs no signature when the connection has no key", () => {
    const open = createSigner("");
    const parts = encodeMessage(message({}), open);
    assert.equal(parts[2]?.length, 0);
    assert.ok(typeof decodeMessage(parts, open) === "object");
  });

  it("is refused in a sentence when it is malformed", () => {
    const open = createSigner("");
    assert.match(String(splitFrames([Buffer.from("x")])), /no <IDS\|MSG> delimiter among 1 frames/);
    const few = [Buffer.from("<IDS|MSG>"), Buffer.from(""), Buffer.from("{}")];
    assert.match(
      String(decodeMessage(few, open)),
      /expected 4 JSON frames after the signature, got 1/,
    );
    const frames = (...texts: string[]): Buffer[] =>
      joinFrames({
        identities: [],
        signature: "",
        body: texts.map((t) => Buffer.from(t)),
        buffers: [],
      });
    assert.match(String(decodeMessage(frames("{", "{}", "{}", "{}"), open)), /not JSON/);
    assert.match(
      String(decodeMessage(frames("[]", "{}", "{}", "{}"), open)),
      /expected a JSON object/,
    );
    assert.match(String(decodeMessage(frames("{}", "{}", "{}", "{}"), open)), /no msg_type/);
  });
});

describe("a connection file", () => {
  const folder = mkdtempSync(join(tmpdir(), "quiesce-connection-"));
  after(() => rmSync(folder, {recursive: true, force: true}));
  const file = join(folder, "c.json");
  const write = (value: unknown): string => {
    writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
    return file;
  };
  const ports = {shell: 1, control: 2, stdin: 3, iopub: 4, hb: 5};

  it("is read as it was written", () => {
    const connection = newConnection(ports);
    assert.deepEqual(readConnection(write(connectionText(connection))), connection);
    assert.equal(address(connection, "iopub"), "tcp://127.0.0.1:4");
    assert.equal(address({...connection, ip: "::1"}, "hb"), "tcp://[::1]:5");
    assert.equal(address({...connection, transport: "ipc", ip: "/tmp/k"}, "hb"), "ipc:///tmp/k-5");
  });

  it("opens no socket to other machines unless that is asked for", () => {
    const text = connectionText({...newConnection(ports), ip: "0.0.0.0"});
    assert.throws(() => readConnection(write(text)), /reachable from other machines/);
    assert.equal(readConnection(write(text), true).ip, "0.0.0.0");
  });

  it("is refused with the field that is wrong", () => {
    const good = JSON.parse(connectionText(newConnection(ports))) as object;
    const cases: [unknown, RegExp][] = [
      ["{", /cannot read the connection file/],
      [{...good, hb_port: "5"}, /expected `hb_port` to be a port number, got 5/],
      [{...good, hb_port: 70000}, /`hb_port`/],
      [{...good, transport: "udp"}, /transport is tcp or ipc, got `udp`/],
      [{...good, key: 1}, /`key` is not a text/],
    ];
    for (const [value, expected] of cases) {
      assert.throws(
        () => readConnection(write(value)),
        (error: Error) => error instanceof ConnectionError && expected.test(error.message),
      );
    }
    assert.throws(() => createSigner("k", "rsa"), /like hmac-sha256, got `rsa`/);
    assert.throws(() => createSigner("k", "hmac-nonsense"), /no digest `nonsense`/);
  });
});

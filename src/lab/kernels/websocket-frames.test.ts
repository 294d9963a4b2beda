import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {type ChannelMessage, decodeFrame, encodeFrame, FrameFault} from "./websocket-frames.ts";

const part = (value: object): Buffer => Buffer.from(JSON.stringify(value));
const message = (
  channel: string,
  content: object,
  buffers: readonly Buffer[] = [],
): ChannelMessage => ({
  channel,
  body: [part({msg_id: "1", msg_type: "x"}), part({}), part({}), part(content)],
  buffers,
});

function decoded(wire: Buffer | string, v1: boolean): ChannelMessage {
  return typeof wire === "string"
    ? decodeFrame(Buffer.from(wire), false, v1)
    : decodeFrame(wire, true, v1);
}

describe("a kernel message on a WebSocket", () => {
  it("has the layout that v1.kernel.websocket.jupyter.org prescribes", () => {
    const wire = encodeFrame(message("shell", {a: "µ"}, [Buffer.from("bin")]), true) as Buffer;
    const count = Number(wire.readBigUInt64LE(0));
    assert.equal(count, 7, "channel, four parts, one buffer, and the end");
    const offsets = Array.from({length: count}, (_, n) =>
      Number(wire.readBigUInt64LE(8 * (n + 1))),
    );
    assert.equal(offsets[0], 8 * 8);
    assert.equal(offsets.at(-1), wire.length);
    const cut = (n: number): string => wire.toString("utf8", offsets[n], offsets[n + 1]);
    assert.deepEqual([cut(0), cut(4), cut(5)], ["shell", '{"a":"µ"}', "bin"]);
  });

  it("is plain JSON without a subprotocol, binary only when it has buffers", () => {
    const text = encodeFrame(message("iopub", {n: 1}), false);
    assert.ok(typeof text === "string");
    assert.deepEqual(JSON.parse(text), {
      channel: "iopub",
      header: {msg_id: "1", msg_type: "x"},
      parent_header: {},
      metadata: {},
      content: {n: 1},
      buffers: [],
    });
    const wire = encodeFrame(message("iopub", {}, [Buffer.from("bin")]), false) as Buffer;
    assert.equal(wire.readUInt32BE(0), 2);
    assert.equal(wire.toString("utf8", wire.readUInt32BE(8)), "bin");
  });

  it("comes back as it went, in both ways", () => {
    const buffers = fc.array(
      fc.uint8Array({maxLength: 40}).map((bytes) => Buffer.from(bytes)),
      {maxLength: 3},
    );
    fc.assert(
      fc.property(
        fc.constantFrom("shell", "control", "stdin"),
        fc.dictionary(fc.string(), fc.jsonValue()),
        buffers,
        fc.boolean(),
        (channel, content, binary, v1) => {
          const sent = message(channel, content, binary);
          assert.deepEqual(decoded(encodeFrame(sent, v1), v1), sent);
        },
      ),
    );
  });

  it("passes the kernel's bytes on unchanged, so that no digit is lost", () => {
    const body = [
      Buffer.from("{}"),
      Buffer.from("{}"),
      Buffer.from("{}"),
      Buffer.from('{"n": 12345678901234567890.0}'),
    ];
    const wire = encodeFrame({channel: "iopub", body, buffers: []}, false);
    assert.match(String(wire), /"content":\{"n": 12345678901234567890\.0\}/);
  });

  it("is refused with a reason when it is none, cut anywhere or of any bytes", () => {
    const whole = encodeFrame(message("shell", {a: 1}, [Buffer.from("bin")]), true) as Buffer;
    for (let length = 0; length < whole.length; length++) {
      assert.throws(
        () => decodeFrame(whole.subarray(0, length), true, true),
        FrameFault,
        `${length}`,
      );
    }
    assert.throws(() => decodeFrame(Buffer.from("{}"), false, true), FrameFault);
    assert.throws(() => decodeFrame(Buffer.from("[1]"), false, false), FrameFault);
    fc.assert(
      fc.property(
        fc.uint8Array({maxLength: 200}),
        fc.boolean(),
        fc.boolean(),
        (bytes, binary, v1) => {
          try {
            decodeFrame(Buffer.from(bytes), binary, v1);
          } catch (error) {
            assert.ok(error instanceof FrameFault, String(error));
          }
        },
      ),
    );
  });
});

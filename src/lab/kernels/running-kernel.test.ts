// Kernels behind the server, with real processes and real WebSockets.
import assert from "node:assert/strict";
import {mkdirSync} from "node:fs";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {WebSocket} from "ws";
import {
  connectFrontEnd,
  type FrontEnd,
  type FrontEndMessage,
  startTestServer,
  type TestServer,
} from "../lab-server.contract.ts";
import {decodeFrame, encodeFrame, protocolV1} from "./websocket-frames.ts";

let lab: TestServer;
let session: {readonly id: string; readonly kernel: {readonly id: string}};
let front: FrontEnd;

before(async () => {
  lab = await startTestServer();
  mkdirSync(join(lab.folder, "sub"));
  const body = {path: "sub/a.ipynb", type: "notebook", name: "a", kernel: {name: "quiesce"}};
  const made = await lab.ask("POST", "/api/sessions", body);
  assert.equal(made.status, 201, made.text);
  session = made.json() as unknown as typeof session;
  front = await connectFrontEnd(lab.server, session.kernel.id);
});
after(async () => {
  front?.close();
  await lab.remove();
});

const kernelPath = (rest = ""): string => `/api/kernels/${session.kernel.id}${rest}`;

function execute(code: string, on: FrontEnd = front, more: object = {}): string {
  const content = {
    code,
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: true,
  };
  return on.send("shell", "execute_request", {...content, ...more});
}

const answers =
  (id: string, type: string) =>
  ({header, parent_header}: FrontEndMessage): boolean =>
    header.msg_type === type && parent_header.msg_id === id;

async function resultOf(id: string, on: FrontEnd = front): Promise<unknown> {
  const {content} = await on.until(answers(id, "execute_result"));
  return (content.data as Record<string, unknown>)["text/plain"];
}

describe("a kernel behind the server", () => {
  it("runs cells in the folder of its notebook, busy before and idle after", async () => {
    const id = execute("process.cwd()");
    assert.equal(await resultOf(id), `'${join(lab.folder, "sub")}'`);
    const reply = await front.until(answers(id, "execute_reply"));
    assert.deepEqual([reply.channel, reply.content.status], ["shell", "ok"]);
    await front.until(
      (message) => answers(id, "status")(message) && message.content.execution_state === "idle",
    );
    const states = front.received
      .filter(answers(id, "status"))
      .map(({content}) => content.execution_state);
    assert.deepEqual([states[0], states.at(-1)], ["busy", "idle"]);
    assert.equal((await lab.ask("GET", kernelPath())).json().execution_state, "idle");
  });

  it("completes and inspects", async () => {
    const id = front.send("shell", "complete_request", {code: "machine m from fl", cursor_pos: 17});
    const {content} = await front.until(answers(id, "complete_reply"));
    assert.ok((content.matches as string[]).includes("flat_4"));
    const asked = front.send("shell", "inspect_request", {
      code: "duration: 1s",
      cursor_pos: 3,
      detail_level: 0,
    });
    assert.equal((await front.until(answers(asked, "inspect_reply"))).content.status, "ok");
  });

  it("asks the front end that runs the cell for input, and no other", async () => {
    const other = await connectFrontEnd(lab.server, session.kernel.id);
    const id = execute("prompt('name? ')");
    const question = await front.until(answers(id, "input_request"));
    assert.deepEqual([question.channel, question.content.prompt], ["stdin", "name? "]);
    front.send("stdin", "input_reply", {value: "Ada"});
    assert.equal(await resultOf(id), "'Ada'");
    await other.until(answers(id, "execute_result"));
    assert.ok(
      other.received.every(({channel}) => channel === "iopub"),
      "replies belong to who asked",
    );
    other.close();
  });

  it("speaks v1.kernel.websocket.jupyter.org when it is offered", async () => {
    const {port, token} = lab.server;
    const address = `ws://127.0.0.1:${port}${kernelPath("/channels")}?token=${token}`;
    const socket = new WebSocket(address, [protocolV1]);
    await new Promise((resolve) => socket.on("open", resolve));
    assert.equal(socket.protocol, protocolV1);
    const header = {
      msg_id: "v1-1",
      msg_type: "kernel_info_request",
      session: "v1",
      username: "",
      version: "5.4",
    };
    const body = [header, {}, {}, {}].map((value) => Buffer.from(JSON.stringify(value)));
    const reply = new Promise<string>((resolve) => {
      socket.on("message", (data, binary) => {
        const message = decodeFrame(data as Buffer, binary, true);
        if (message.channel === "shell") resolve(String(message.body[3]));
      });
    });
    socket.send(encodeFrame({channel: "shell", body, buffers: []}, true));
    assert.match(await reply, /"implementation":"quiesce"/);
    const closed = new Promise<number>((resolve) => socket.on("close", resolve));
    socket.send("nonsense");
    assert.equal(await closed, 1007);
  });

  it("is interrupted and keeps its variables", async () => {
    await resultOf(execute("let kept = 42; kept"));
    const id = execute("console.log('on'); while (true);");
    await front.until(answers(id, "stream"));
    assert.equal((await lab.ask("POST", kernelPath("/interrupt"))).status, 204);
    assert.equal((await front.until(answers(id, "execute_reply"))).content.status, "error");
    assert.equal(await resultOf(execute("kept")), "42");
  });

  it("is restarted under its id and has forgotten them", async () => {
    const restarted = await lab.ask("POST", kernelPath("/restart"));
    assert.equal(restarted.status, 200, restarted.text);
    const id = execute("kept");
    const {content} = await front.until(answers(id, "error"));
    assert.match(String(content.evalue), /Cannot find name 'kept'/);
    // What is asked before the reply to a cell that fails is aborted with it.
    await front.until(answers(id, "execute_reply"));
  });

  it("is started again when it dies, and the front end is told", async () => {
    const before = front.received.length;
    execute("process.kill(process.pid, 'SIGKILL')");
    await front.until(
      (message) =>
        front.received.indexOf(message) >= before &&
        message.content.execution_state === "restarting",
    );
    assert.equal(await resultOf(execute("'back'")), "'back'");
  });

  it("belongs to one session of its document, which follows a rename", async () => {
    const {ask} = lab;
    const again = await ask("POST", "/api/sessions", {
      path: "sub/a.ipynb",
      type: "notebook",
      kernel: {name: "quiesce"},
    });
    assert.equal(again.json().id, session.id);
    const renamed = await ask("PATCH", `/api/sessions/${session.id}`, {path: "b.ipynb", name: "b"});
    assert.equal(renamed.json().path, "b.ipynb");
    const other = await ask("POST", "/api/sessions", {
      path: "p.ipynb",
      type: "notebook",
      kernel: {name: "python3"},
    });
    assert.equal(other.status, 404);
    assert.match(String(other.json().message), /runs notebooks of the kernel `quiesce` only/);
  });

  it("lets in no WebSocket without the secret or from another site", async () => {
    const {port, token} = lab.server;
    const refusal = (query: string, headers: Record<string, string>): Promise<number> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}${kernelPath("/channels")}${query}`, {
          headers,
        });
        socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
        socket.on("open", () => resolve(101));
        socket.on("error", () => {});
      });
    assert.equal(await refusal("", {}), 401);
    assert.equal(await refusal("?token=wrong", {}), 401);
    assert.equal(await refusal(`?token=${token}`, {origin: "https://evil.example"}), 403);
    assert.equal(await refusal(`?token=${token}`, {host: "evil.example"}), 403);
  });

  it("ends with its session", async () => {
    assert.equal((await lab.ask("DELETE", `/api/sessions/${session.id}`)).status, 204);
    assert.equal((await lab.ask("GET", kernelPath())).status, 404);
    assert.deepEqual(JSON.parse((await lab.ask("GET", "/api/kernels")).text), []);
    await front.until(({content}) => content.execution_state === "dead");
  });
});

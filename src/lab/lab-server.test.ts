import assert from "node:assert/strict";
import {existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from "node:fs";
import {createServer} from "node:net";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {startTestServer, type TestServer} from "./lab-server.contract.ts";
import {PortTaken, startLabServer} from "./lab-server.ts";

let lab: TestServer;
before(async () => {
  lab = await startTestServer();
});
after(() => lab.remove());

const notebook = (source: string, metadata: object = {}): object => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [{cell_type: "code", id: "c", metadata, source, outputs: [], execution_count: null}],
});

describe("entering", () => {
  it("takes the token out of the address and gives a cookie that opens the page", async () => {
    const {ask, server} = lab;
    const entered = await ask(
      "GET",
      `/lab/tree/a%20b.ipynb?token=${server.token}&x=1`,
      undefined,
      {},
    );
    assert.equal(entered.status, 303);
    assert.equal(entered.headers.location, "/lab/tree/a%20b.ipynb?x=1");
    const cookie = entered.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    const page = await ask("GET", "/lab/tree/a%20b.ipynb?x=1", undefined, {cookie});
    assert.equal(page.status, 200);
    assert.match(page.text, /"treePath":"a b\.ipynb"/);
    assert.ok(!page.text.includes(server.token), "the page does not hold the token");
    assert.match(String(page.headers["content-security-policy"]), /frame-ancestors 'self'/);
    assert.equal((await ask("GET", "/api/contents", undefined, {cookie})).status, 200);
    const own = {cookie, origin: `http://127.0.0.1:${server.port}`};
    assert.equal((await ask("POST", "/api/contents", {type: "directory"}, {cookie})).status, 403);
    assert.equal((await ask("POST", "/api/contents", {type: "directory"}, own)).status, 201);
  });

  it("shows a stranger a page that says where the address is, and a program a reason in JSON", async () => {
    const page = await lab.ask("GET", "/lab", undefined, {});
    assert.equal(page.status, 401);
    assert.match(page.text, /open the address that `quiesce lab` printed/);
    const api = await lab.ask("GET", "/api/contents", undefined, {});
    assert.equal(api.status, 401);
    assert.match(String(api.json().message), /token/);
    const rebound = await lab.ask("GET", `/lab?token=${lab.server.token}`, undefined, {
      host: "evil.example",
    });
    assert.equal(rebound.status, 403);
  });

  it("cannot put markup of an address or a folder's name into the page", async () => {
    const page = await lab.ask(
      "GET",
      "/lab/tree/%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    );
    assert.equal(page.status, 200);
    assert.ok(!page.text.includes("<script>alert"));
    const config = /type="application\/json">(.*?)<\/script>/s.exec(page.text)?.[1] ?? "";
    assert.equal(
      (JSON.parse(config) as {treePath: string}).treePath,
      "</script><script>alert(1)</script>",
    );
  });
});

describe("contents", () => {
  it("saves a notebook as Jupyter lays it out, without marks of trust, and reads it back", async () => {
    const content = notebook("1 + 1\n2", {trusted: true, tags: ["kept"]});
    const saved = await lab.ask("PUT", "/api/contents/n%20%C3%BC.ipynb", {
      type: "notebook",
      format: "json",
      content,
    });
    assert.equal(saved.status, 201);
    assert.equal(saved.json().content, null);
    const text = readFileSync(join(lab.folder, "n ü.ipynb"), "utf8");
    assert.match(text, /^ {3}"source": \[\n {4}"1 \+ 1\\n",\n {4}"2"\n/m);
    assert.match(text, /kept/);
    assert.doesNotMatch(text, /trusted/);
    const read = (
      await lab.ask("GET", "/api/contents/n%20%C3%BC.ipynb?content=1&type=notebook")
    ).json();
    assert.equal(read.type, "notebook");
    assert.equal((read.content as {cells: {source: string}[]}).cells[0]?.source, "1 + 1\n2");
    assert.equal(
      (await lab.ask("PUT", "/api/contents/n%20%C3%BC.ipynb", {type: "notebook", content})).status,
      200,
    );
  });

  it("says what is wrong with a notebook that cannot be read or saved, and leaves the file", async () => {
    writeFileSync(join(lab.folder, "broken.ipynb"), "{]");
    const read = await lab.ask("GET", "/api/contents/broken.ipynb");
    assert.equal(read.status, 400);
    assert.match(
      String(read.json().message),
      /broken\.ipynb cannot be read as a notebook: it is not JSON/,
    );
    const saved = await lab.ask("PUT", "/api/contents/broken.ipynb", {
      type: "notebook",
      content: {nbformat: 3},
    });
    assert.equal(saved.status, 400);
    assert.match(String(saved.json().message), /cannot be saved: it has nbformat 3/);
    assert.equal(readFileSync(join(lab.folder, "broken.ipynb"), "utf8"), "{]");
  });

  it("makes, lists, copies, renames and deletes", async () => {
    const {ask, folder} = lab;
    const made = await ask("POST", "/api/contents", {type: "notebook"});
    assert.deepEqual([made.status, made.json().path], [201, "Untitled.ipynb"]);
    assert.match(readFileSync(join(folder, "Untitled.ipynb"), "utf8"), /"name": "quiesce"/);
    assert.equal(
      (await ask("POST", "/api/contents", {type: "notebook"})).json().path,
      "Untitled1.ipynb",
    );
    assert.equal(
      (await ask("POST", "/api/contents", {type: "file", ext: ".quiesce"})).json().path,
      "untitled.quiesce",
    );
    assert.equal((await ask("PUT", "/api/contents/sub", {type: "directory"})).status, 201);
    assert.equal(
      (await ask("POST", "/api/contents/sub", {copy_from: "Untitled.ipynb"})).json().path,
      "sub/Untitled-Copy1.ipynb",
    );
    assert.equal(
      (await ask("PATCH", "/api/contents/Untitled1.ipynb", {path: "sub/renamed.ipynb"})).json()
        .path,
      "sub/renamed.ipynb",
    );
    const names = (await ask("GET", "/api/contents/sub")).json().content as {
      name: string;
      type: string;
    }[];
    assert.deepEqual(
      names.map(({name, type}) => `${type} ${name}`),
      ["notebook Untitled-Copy1.ipynb", "notebook renamed.ipynb"],
    );
    const clash = await ask("PATCH", "/api/contents/Untitled.ipynb", {path: "sub/renamed.ipynb"});
    assert.equal(clash.status, 409);
    const full = await ask("DELETE", "/api/contents/sub");
    assert.equal(full.status, 400);
    assert.match(String(full.json().message), /cannot delete sub: the folder is not empty/);
    for (const name of ["Untitled-Copy1.ipynb", "renamed.ipynb"]) {
      assert.equal((await ask("DELETE", `/api/contents/sub/${name}`)).status, 204);
    }
    assert.equal((await ask("DELETE", "/api/contents/sub")).status, 204);
    assert.ok(!existsSync(join(folder, "sub")));
    assert.equal((await ask("DELETE", "/api/contents/")).status, 400, "the root stays");
  });

  it("keeps a checkpoint and goes back to it", async () => {
    const {ask, folder} = lab;
    writeFileSync(join(folder, "c.quiesce"), "first");
    assert.deepEqual(
      JSON.parse((await ask("GET", "/api/contents/c.quiesce/checkpoints")).text),
      [],
    );
    assert.equal((await ask("POST", "/api/contents/c.quiesce/checkpoints")).status, 201);
    writeFileSync(join(folder, "c.quiesce"), "second");
    assert.equal(
      readFileSync(join(folder, ".ipynb_checkpoints/c-checkpoint.quiesce"), "utf8"),
      "first",
    );
    assert.equal((await ask("POST", "/api/contents/c.quiesce/checkpoints/checkpoint")).status, 204);
    assert.equal(readFileSync(join(folder, "c.quiesce"), "utf8"), "first");
    assert.equal(
      (await ask("DELETE", "/api/contents/c.quiesce/checkpoints/checkpoint")).status,
      204,
    );
    assert.equal((await ask("POST", "/api/contents/c.quiesce/checkpoints/checkpoint")).status, 404);
    const listed = (await ask("GET", "/api/contents")).json().content as {name: string}[];
    assert.ok(
      listed.every(({name}) => !name.startsWith(".")),
      "the folder of checkpoints is not listed",
    );
  });

  it("takes files as text and base64, in one piece or several, and keeps their permissions", async () => {
    const {ask, folder} = lab;
    const bytes = Buffer.from([0, 255, 1, 254]);
    const put = (body: object): ReturnType<typeof ask> =>
      ask("PUT", "/api/contents/f.bin", {type: "file", ...body});
    assert.equal((await put({format: "base64", content: bytes.toString("base64")})).status, 201);
    assert.deepEqual(readFileSync(join(folder, "f.bin")), bytes);
    assert.equal((await ask("GET", "/api/contents/f.bin")).json().format, "base64");
    assert.equal((await ask("GET", "/api/contents/f.bin?format=text")).status, 400);
    for (const [chunk, content] of [
      [1, "ab"],
      [2, "cd"],
      [-1, "ef"],
    ] as const) {
      assert.equal((await put({format: "text", content, chunk})).status, 200);
    }
    assert.equal(readFileSync(join(folder, "f.bin"), "utf8"), "abcdef");
    writeFileSync(join(folder, "run.sh"), "#!/bin/sh\n", {mode: 0o755});
    await ask("PUT", "/api/contents/run.sh", {
      type: "file",
      format: "text",
      content: "#!/bin/sh\ntrue\n",
    });
    assert.equal(statSync(join(folder, "run.sh")).mode & 0o777, 0o755);
  });

  it("stays in its folder whatever path it is given", async () => {
    const {ask, folder} = lab;
    writeFileSync(join(folder, "../outside.txt"), "outside");
    symlinkSync(join(folder, "../outside.txt"), join(folder, "leak.txt"));
    mkdirSync(join(folder, ".git"), {recursive: true});
    writeFileSync(join(folder, ".git/config"), "config");
    const ways = [
      "..%2Foutside.txt",
      "x%2F..%2F..%2Foutside.txt",
      "%2e%2e%2foutside.txt",
      "leak.txt",
      ".git/config",
      "%00",
    ];
    for (const way of ways) {
      for (const prefix of ["/api/contents", "/files"]) {
        const {status, text} = await ask("GET", `${prefix}/${way}`);
        assert.ok(status >= 400 && status < 500, `${prefix}/${way}: ${status}`);
        assert.ok(!text.includes('"outside"') && text !== "outside" && text !== "config");
      }
      const body = {type: "file", format: "text", content: "overwritten"};
      assert.ok((await ask("PUT", `/api/contents/${way}`, body)).status >= 400, way);
      assert.ok(
        (await ask("POST", "/api/contents", {copy_from: decodeURIComponent(way)})).status >= 400,
        way,
      );
      assert.ok(
        (await ask("PATCH", "/api/contents/c.quiesce", {path: decodeURIComponent(way)})).status >=
          400,
        way,
      );
    }
    assert.equal(readFileSync(join(folder, "../outside.txt"), "utf8"), "outside");
    const listed = (await ask("GET", "/api/contents")).json().content as {name: string}[];
    assert.ok(listed.every(({name}) => name !== "leak.txt"));
  });

  it("hands out files as they are, a page without this server's rights", async () => {
    writeFileSync(join(lab.folder, "page.html"), "<script>1</script>");
    const page = await lab.ask("GET", "/files/page.html");
    assert.equal(page.text, "<script>1</script>");
    assert.equal(page.headers["content-security-policy"], "sandbox allow-scripts");
    assert.equal(page.headers["x-content-type-options"], "nosniff");
    const download = await lab.ask("GET", "/files/page.html?download=1");
    assert.match(download.headers["content-disposition"] ?? "", /^attachment/);
  });
});

describe("what JupyterLab asks for besides", () => {
  it("serves what the manifest lists, and nothing else of the application's folder", async () => {
    const {ask} = lab;
    assert.equal((await ask("GET", "/lab/static/start.js")).headers["cache-control"], "no-cache");
    assert.match(
      (await ask("GET", "/lab/static/chunk-ABCD1234.js")).headers["cache-control"] ?? "",
      /immutable/,
    );
    for (const path of [
      "..%2Fschemas.json",
      "..%2Fmanifest.json",
      "%2e%2e/%2e%2e/root/c.quiesce",
      "none.js",
    ]) {
      assert.equal((await ask("GET", `/lab/static/${path}`)).status, 404, path);
    }
    assert.match((await ask("GET", "/lab/plotly.min.js")).text.slice(0, 200), /plotly\.js v/);
  });

  it("keeps settings as they were written, for the extensions there are", async () => {
    const {ask} = lab;
    const id = "/lab/api/settings/@jupyterlab/apputils-extension:themes";
    assert.equal((await ask("GET", id)).json().raw, "{}");
    const raw = '{\n  // mine\n  "theme": "JupyterLab Dark"\n}';
    assert.equal((await ask("PUT", id, {raw})).status, 204);
    assert.equal((await ask("GET", id)).json().raw, raw);
    const {settings} = (await ask("GET", "/lab/api/settings")).json() as {
      settings: {raw: string}[];
    };
    assert.deepEqual(
      settings.map((each) => each.raw),
      [raw],
    );
    assert.equal((await ask("PUT", "/lab/api/settings/..%2F..%2Fevil:x", {raw})).status, 404);
  });

  it("keeps layouts", async () => {
    const {ask} = lab;
    assert.deepEqual((await ask("GET", "/lab/api/workspaces/default")).json(), {
      data: {},
      metadata: {id: "default"},
    });
    const workspace = {data: {a: 1}, metadata: {id: "default"}};
    assert.equal((await ask("PUT", "/lab/api/workspaces/default", workspace)).status, 204);
    assert.deepEqual((await ask("GET", "/lab/api/workspaces/default")).json(), workspace);
    assert.deepEqual((await ask("GET", "/lab/api/workspaces")).json(), {
      workspaces: {ids: ["default"], values: [workspace]},
    });
    assert.equal((await ask("DELETE", "/lab/api/workspaces/default")).status, 204);
    assert.ok((await ask("PUT", "/lab/api/workspaces/..%2F..%2Fx", workspace)).status < 500);
    assert.ok(!existsSync(join(lab.folder, "../x.json")));
  });

  it("tells who and what it is, and that there are no terminals", async () => {
    const {ask} = lab;
    assert.equal((await ask("GET", "/api")).json().version, "2.0.0");
    assert.equal(
      typeof ((await ask("GET", "/api/me")).json().identity as {username: string}).username,
      "string",
    );
    assert.equal((await ask("GET", "/api/status")).json().kernels, 0);
    const specs = (await ask("GET", "/api/kernelspecs")).json();
    assert.equal(specs.default, "quiesce");
    assert.equal(
      (await ask("GET", "/kernelspecs/quiesce/logo-64x64.png")).headers["content-type"],
      "image/png",
    );
    assert.equal((await ask("GET", "/api/terminals")).status, 404);
    assert.deepEqual((await ask("PATCH", "/api/config/notebook", {a: 1})).json(), {a: 1});
    assert.deepEqual((await ask("GET", "/api/config/notebook")).json(), {a: 1});
    assert.equal((await ask("GET", "/nothing")).status, 404);
    assert.equal(
      (await ask("GET", "/api/contents/%E0%A4%A")).status,
      400,
      "an address that is no UTF-8",
    );
  });
});

describe("the port", () => {
  it("is the first free one of those given, and is named when none is", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const {port} = taken.address() as {port: number};
    const {folder, application} = lab;
    const options = {folder, application, settings: folder, env: process.env};
    try {
      await assert.rejects(
        startLabServer({...options, ports: [port]}),
        (error) =>
          error instanceof PortTaken &&
          error.message === `port ${port} is taken by another program`,
      );
      const other = await startLabServer({...options, ports: [port, 0]});
      assert.notEqual(other.port, port);
      await other.close();
    } finally {
      taken.close();
    }
  });
});

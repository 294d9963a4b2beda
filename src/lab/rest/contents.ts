// `/api/contents`: reading, saving, making, renaming and removing files, and their checkpoints.

import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import {basename, join} from "node:path";
import type {Confinement} from "../files/confine.ts";
import {contentsModel, emptyNotebook, notebookToStore} from "../files/contents-model.ts";
import {withFiles} from "../files/file-fault.ts";
import {freeName} from "../files/free-name.ts";
import {writeFileWhole} from "../files/write-file.ts";
import {
  type Answer,
  type Call,
  done,
  type Handler,
  HttpFault,
  json,
  noSuchMethod,
} from "../http/answer.ts";
import {checkpoints} from "./checkpoints.ts";

type Body = Readonly<Record<string, unknown>>;

export function contentsHandler(files: Confinement): Handler {
  return async (call) => {
    const checkpoint = /^(?:(.*)\/)?checkpoints(?:\/([^/]+))?$/.exec(call.path);
    if (checkpoint !== null && isFileBefore(files, checkpoint[1] ?? "")) {
      return checkpoints(files, call.method, checkpoint[1] ?? "", checkpoint[2]);
    }
    switch (call.method) {
      case "GET":
        return read(files, call);
      case "PUT":
        return save(files, call.path, await call.json());
      case "POST":
        return create(files, call.path, await call.json());
      case "PATCH":
        return rename(files, call.path, await call.json());
      case "DELETE":
        return remove(files, call.path);
      default:
        return noSuchMethod(call);
    }
  };
}

// A folder may be called `checkpoints`; only a file has checkpoints.
function isFileBefore(files: Confinement, path: string): boolean {
  return (
    path !== "" &&
    withFiles(
      `look at ${path}`,
      () => statSync(files.content(path), {throwIfNoEntry: false})?.isFile() === true,
    )
  );
}

function read(files: Confinement, {path, query}: Call): Answer {
  const wish = {
    content: query.get("content") !== "0",
    type: query.get("type") ?? undefined,
    format: query.get("format") ?? undefined,
  };
  return json(withFiles(`read ${path || "the folder"}`, () => contentsModel(files, path, wish)));
}

function save(files: Confinement, path: string, body: Body): Answer {
  const {type, content, format} = body;
  const place = files.content(path);
  const isNew = !existsSync(place);
  withFiles(`save ${path}`, () => {
    if (type === "directory") mkdirSync(place);
    else if (type === "notebook") writeFileWhole(place, notebookToStore(content));
    else if (type === "file") store(place, bytesOf(content, format), body.chunk);
    else throw new HttpFault(400, "`type` is notebook, file or directory");
  });
  return described(files, path, isNew ? 201 : 200);
}

function bytesOf(content: unknown, format: unknown): Buffer {
  if (typeof content !== "string") throw new HttpFault(400, "`content` of a file is a text");
  if (format !== "text" && format !== "base64") {
    throw new HttpFault(400, "`format` of a file is text or base64");
  }
  return Buffer.from(content, format === "text" ? "utf8" : "base64");
}

// A large upload comes in pieces numbered from 1; the last one is numbered -1.
function store(place: string, bytes: Buffer, chunk: unknown): void {
  if (chunk === undefined || chunk === null || chunk === 0) writeFileWhole(place, bytes);
  else if (chunk === 1) writeFileSync(place, bytes);
  else appendFileSync(place, bytes);
}

function create(files: Confinement, folder: string, body: Body): Answer {
  const place = files.content(folder);
  const from = body.copy_from;
  const under = (name: string): string => (folder === "" ? name : `${folder}/${name}`);
  if (typeof from === "string") {
    const source = files.content(from);
    return withFiles(`copy ${from}`, () => {
      if (!statSync(source).isFile()) throw new HttpFault(400, `${from} is not a file`);
      const name = freeName(place, basename(from), "-Copy");
      cpSync(source, join(place, name), {errorOnExist: true, force: false});
      return described(files, under(name), 201);
    });
  }
  return withFiles(`create something in ${folder || "the folder"}`, () => {
    if (body.type === "directory") {
      const name = freeName(place, "Untitled Folder", " ");
      mkdirSync(join(place, name));
      return described(files, under(name), 201);
    }
    const isNotebook = body.type === "notebook";
    const ending = typeof body.ext === "string" && /^\.[\w.-]+$/.test(body.ext) ? body.ext : "";
    const name = freeName(place, isNotebook ? "Untitled.ipynb" : `untitled${ending || ".txt"}`, "");
    const text = isNotebook ? notebookToStore(emptyNotebook) : "";
    writeFileSync(join(place, name), text, {flag: "wx"});
    return described(files, under(name), 201);
  });
}

function rename(files: Confinement, path: string, {path: to}: Body): Answer {
  if (typeof to !== "string" || to === "") throw new HttpFault(400, "`path` is the new path");
  const from = files.entry(path);
  const target = files.entry(to);
  if (from === files.root) throw new HttpFault(400, "the folder that is served keeps its name");
  withFiles(`rename ${path}`, () => {
    // On a file system that ignores case, another case of the same name is no other file.
    if (existsSync(target) && target.toLowerCase() !== from.toLowerCase()) {
      throw new HttpFault(409, `there is a ${to} already`);
    }
    renameSync(from, target);
  });
  return described(files, to, 200);
}

function remove(files: Confinement, path: string): Answer {
  const place = files.entry(path);
  if (place === files.root) throw new HttpFault(400, "the folder that is served stays");
  withFiles(`delete ${path}`, () => {
    // A folder goes only when it is empty, since what a browser deletes is gone for good. Its checkpoints do not count.
    if (statSync(files.content(path)).isDirectory()) {
      const inside = contentsModel(files, path, {content: true, type: "directory"});
      if ((inside.content as readonly unknown[]).length === 0) {
        rmSync(join(place, ".ipynb_checkpoints"), {recursive: true, force: true});
      }
      rmdirSync(place);
    } else rmSync(place);
  });
  return done;
}

function described(files: Confinement, path: string, status: number): Answer {
  const wish = {content: false};
  return json(
    withFiles(`read ${path}`, () => contentsModel(files, path, wish)),
    status,
  );
}

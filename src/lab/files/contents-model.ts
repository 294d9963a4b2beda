// A file or folder as JupyterLab's contents interface describes it
// (https://jupyter-server.readthedocs.io/en/latest/developers/contents.html).

import {readdirSync, readFileSync, type Stats, statSync} from "node:fs";
import {join} from "node:path";
import {
  type Notebook,
  NotebookError,
  notebookText,
  readNotebook,
} from "../../notebook/file/nbformat.ts";
import {kernelName} from "../../notebook/install/kernel-spec.ts";
import {HttpFault} from "../http/answer.ts";
import {type Confinement, isVisible} from "./confine.ts";
import {mediaType} from "./media-type.ts";

type ContentsType = "directory" | "notebook" | "file";

export interface ContentsModel {
  readonly name: string;
  /** Under the root, without slashes at its ends. */
  readonly path: string;
  readonly type: ContentsType;
  readonly writable: boolean;
  /** ISO 8601. */
  readonly created: string;
  readonly last_modified: string;
  /** Bytes; null for a folder. */
  readonly size: number | null;
  readonly mimetype: string | null;
  /** Absent, that is null, unless it was asked for. */
  readonly content: unknown;
  readonly format: "json" | "text" | "base64" | null;
}

export interface ContentsWish {
  readonly content: boolean;
  /** As what to read it; by its name when absent. */
  readonly type?: string | undefined;
  readonly format?: string | undefined;
}

const largestFile = 256 * 1024 * 1024;

/**
 * Describes what is at a path.
 * @throws {HttpFault} when it is not there, not of the wanted type, or cannot be read as the wanted format.
 */
export function contentsModel(files: Confinement, path: string, wish: ContentsWish): ContentsModel {
  const absolute = files.content(path);
  const stats = statSync(absolute);
  const trimmed = path.split("/").filter(Boolean).join("/");
  if (stats.isDirectory()) {
    if (wish.type === "file" || wish.type === "notebook") {
      throw new HttpFault(400, `${path} is a folder`);
    }
    return folderModel(files, trimmed, absolute, stats, wish.content);
  }
  if (wish.type === "directory") throw new HttpFault(400, `${path} is not a folder`);
  if (!stats.isFile()) throw new HttpFault(400, `${path} is neither a file nor a folder`);
  const isNotebook =
    wish.type === "notebook" || (wish.type === undefined && path.endsWith(".ipynb"));
  const base = plainModel(trimmed, stats, isNotebook ? "notebook" : "file");
  if (!wish.content) return base;
  if (stats.size > largestFile) throw new HttpFault(400, `${path} is larger than 256 MiB`);
  const bytes = readFileSync(absolute);
  if (isNotebook) return {...base, content: notebookContent(path, bytes), format: "json"};
  return {...base, ...fileContent(path, bytes, wish.format)};
}

/** The text to store for the content of a notebook that a browser sent. Marks of trust are of one session and stay out of the file. */
export function notebookToStore(content: unknown): string {
  const {cells, ...rest} = readable(() => readNotebook(JSON.stringify(content)));
  const untrusted = cells.map((cell) => {
    const {trusted: _, ...metadata} = cell.metadata;
    return {...cell, metadata};
  });
  return notebookText({...rest, cells: untrusted});
}

function folderModel(
  files: Confinement,
  path: string,
  absolute: string,
  stats: Stats,
  withContent: boolean,
): ContentsModel {
  const model = plainModel(path, stats, "directory");
  if (!withContent) return model;
  const content = readdirSync(absolute)
    .filter((name) => isVisible(name) && files.holds(join(absolute, name)))
    .sort()
    .flatMap((name) => {
      const each = statSync(join(absolute, name), {throwIfNoEntry: false});
      if (each === undefined || !(each.isFile() || each.isDirectory())) return [];
      const type = each.isDirectory() ? "directory" : name.endsWith(".ipynb") ? "notebook" : "file";
      return [plainModel(path === "" ? name : `${path}/${name}`, each, type)];
    });
  return {...model, content, format: "json"};
}

function plainModel(path: string, stats: Stats, type: ContentsType): ContentsModel {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return {
    name,
    path,
    type,
    writable: (stats.mode & 0o222) !== 0,
    created: stats.birthtime.toISOString(),
    last_modified: stats.mtime.toISOString(),
    size: type === "directory" ? null : stats.size,
    mimetype: type === "file" ? mediaType(name) : null,
    content: null,
    format: null,
  };
}

function notebookContent(path: string, bytes: Buffer): unknown {
  const text = bytes.toString("utf8");
  // A new notebook begins as an empty file in many an editor.
  if (text.trim() === "") return emptyNotebook;
  return readable(() => readNotebook(text), `${path} cannot be read as a notebook`);
}

/** A new notebook. It names the only kernel there is, so that nobody is asked to choose. */
export const emptyNotebook: Notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {kernelspec: {display_name: "Quiesce", language: "typescript", name: kernelName}},
  cells: [],
};

function readable<T>(work: () => T, what = "the notebook cannot be saved"): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotebookError) throw new HttpFault(400, `${what}: ${error.message}`);
    throw error;
  }
}

function fileContent(
  path: string,
  bytes: Buffer,
  format: string | undefined,
): Pick<ContentsModel, "content" | "format" | "mimetype"> {
  const mimetype = mediaType(path);
  if (format !== "base64") {
    try {
      const content = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(bytes);
      if (format === "text" || !content.includes("\0")) {
        return {content, format: "text", mimetype: mimetype ?? "text/plain"};
      }
    } catch {
      if (format === "text") throw new HttpFault(400, `${path} is not text in UTF-8`);
    }
  }
  const content = bytes.toString("base64");
  return {content, format: "base64", mimetype: mimetype ?? "application/octet-stream"};
}

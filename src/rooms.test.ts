// Who may import whom. The rooms are the folders of `src/` and the folder `grammar/`; the table below is the architecture, and this
// test is what keeps it true. Test and bench files may import anything: they look into a room from outside.
import assert from "node:assert/strict";
import {readdirSync, readFileSync, statSync} from "node:fs";
import {dirname, join, relative, resolve, sep} from "node:path";
import {it} from "node:test";
import {fileURLToPath} from "node:url";

interface Room {
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
  /** Packages that only the named files of the room may import. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
}

const table: Readonly<Record<string, Room>> = {
  units: {rooms: [], packages: []},
  grammar: {rooms: [], packages: ["chevrotain"]},
  random: {rooms: ["units"], packages: []},
  stats: {rooms: ["units", "random"], packages: []},
  plan: {rooms: ["units"], packages: []},
  // `random` tells moments and quantiles of a law, which hover and the lints show.
  lang: {rooms: ["grammar", "plan", "random", "units"], packages: ["chevrotain"]},
  program: {rooms: ["plan", "units"], packages: []},
  record: {rooms: ["plan", "random", "units"], packages: []},
  engine: {rooms: ["record", "random", "units"], packages: []},
  machine: {
    rooms: ["engine", "program", "plan", "record", "random", "stats", "units"],
    packages: [],
  },
  explore: {rooms: ["program", "plan", "units"], packages: []},
  farm: {
    rooms: ["plan", "program", "machine", "engine", "explore", "record", "stats", "units"],
    packages: [],
    only: {"pool.ts": ["piscina"]},
  },
  table: {
    rooms: ["plan", "record", "stats", "units", "farm", "explore"],
    packages: ["arquero"],
    only: {"export-parquet.ts": ["hyparquet-writer"]},
  },
  figure: {
    // `farm` for the types of a run's result, which `figureFor` is asked to draw.
    rooms: ["table", "plan", "stats", "units", "explore", "farm"],
    packages: ["arquero"],
    only: {"render.ts": ["jsdom", "@resvg/resvg-js"], "plotly-library.ts": ["plotly.js"]},
  },
  session: {
    rooms: [
      "lang",
      "plan",
      "farm",
      "program",
      "explore",
      "table",
      "figure",
      "stats",
      "units",
      "grammar",
    ],
    packages: [],
  },
  notebook: {
    rooms: [
      "session",
      "lang",
      "plan",
      "farm",
      "table",
      "figure",
      "explore",
      "stats",
      "units",
      "grammar",
    ],
    packages: ["tslab", "zeromq"],
  },
  // `notebook` for the kernel's process and wire, notebook files and folders; `figure` for plotly.js.
  lab: {
    rooms: ["notebook", "figure", "session", "plan"],
    packages: [],
    only: {"channels.ts": ["ws"]},
  },
  cli: {rooms: ["*"], packages: ["commander"]},
  index: {rooms: ["*"], packages: []},
};

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

interface Edge {
  readonly file: string;
  readonly specifier: string;
}

// Static imports and re-exports, imports for effect, dynamic imports and imported types.
const importPattern =
  /^(?:import|export)\b[^;"]*?\bfrom\s*"([^"]+)"|^import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;

/** All imports of the non-test sources under `top`, as written; fails loudly if it finds none. */
function importsUnder(top: string): readonly Edge[] {
  const edges: Edge[] = [];
  const visit = (path: string): void => {
    if (statSync(path).isDirectory()) {
      if (path.endsWith(`${sep}generated`) || path.endsWith(`${sep}fixtures`)) return;
      for (const name of readdirSync(path)) visit(join(path, name));
      return;
    }
    if (!path.endsWith(".ts") || /\.(test|bench|contract)\.ts$/.test(path)) return;
    const text = readFileSync(path, "utf8");
    for (const match of text.matchAll(importPattern)) {
      edges.push({file: path, specifier: (match[1] ?? match[2] ?? match[3]) as string});
    }
  };
  visit(join(root, top));
  return edges;
}

function roomOf(path: string): string {
  const parts = relative(root, path).split(sep);
  if (parts[0] === "grammar") return "grammar";
  return parts.length === 2 ? "index" : (parts[1] as string);
}

function violation(edge: Edge): string | undefined {
  const from = roomOf(edge.file);
  const room = table[from];
  const where = relative(root, edge.file);
  if (room === undefined) return `${where} lives in no room of the table`;
  if (edge.specifier.startsWith("node:")) return undefined;
  if (edge.specifier.startsWith(".")) {
    const to = roomOf(resolve(dirname(edge.file), edge.specifier));
    if (to === from || room.rooms.includes("*") || room.rooms.includes(to)) return undefined;
    return `${where}: ${from} may not import ${to}`;
  }
  const name = edge.specifier
    .split("/")
    .slice(0, edge.specifier.startsWith("@") ? 2 : 1)
    .join("/");
  const base = where.slice(where.lastIndexOf(sep) + 1);
  if (room.packages.includes(name) || room.only?.[base]?.includes(name)) return undefined;
  return `${where}: ${from} may not import the package ${name}`;
}

it("every import stays within what its room may know", () => {
  const edges = [...importsUnder("src"), ...importsUnder("grammar")];
  assert.ok(edges.length > 5, "no imports were found: the test looks in the wrong place");
  assert.deepEqual(
    edges.map(violation).filter((text) => text !== undefined),
    [],
  );
});

it("a planted violation is found", () => {
  const planted = {file: join(root, "src/engine/calendar.ts"), specifier: "../lang/check.ts"};
  assert.equal(violation(planted), `src${sep}engine${sep}calendar.ts: engine may not import lang`);
  const foreign = {file: join(root, "src/farm/worker.ts"), specifier: "arquero"};
  assert.match(violation(foreign) ?? "", /may not import the package arquero/);
});

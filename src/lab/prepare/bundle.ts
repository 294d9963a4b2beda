// From installed packages to files that a browser loads: one ES module with its chunks, one style sheet, the themes, and the schemas of all
// settings. esbuild is the one that the recipe installs; it is no dependency of Quiesce.

import {mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";
import type {Recipe} from "./recipe.ts";

interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly styleModule?: string;
  readonly jupyterlab?: {
    readonly schemaDir?: string;
    readonly mimeExtension?: boolean;
    readonly themePath?: string;
  };
}

// The little of esbuild's interface that is used here.
interface Esbuild {
  build(options: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Ends esbuild's own process. */
  stop(): Promise<void>;
}
interface Loaded {
  readonly contents: string;
  readonly loader: string;
}
interface PluginBuild {
  onResolve(filter: Filter, resolve: (request: Request) => Found | undefined): void;
  onLoad(filter: Filter, load: (found: Found) => Loaded): void;
}
interface Filter {
  readonly filter: RegExp;
  readonly namespace?: string;
}
interface Request {
  readonly path: string;
  readonly resolveDir: string;
  /** `url-token` for an address in a style sheet. */
  readonly kind: string;
}
interface Found {
  readonly path: string;
  readonly namespace?: string;
}

/** Bundles what is installed in `workshop` into `out`. */
export async function bundle(workshop: string, out: string, recipe: Recipe): Promise<void> {
  const require = createRequire(join(workshop, "package.json"));
  const folderOf = (name: string): string => join(workshop, "node_modules", name);
  const facts = recipe.extensions.map(
    (name) =>
      JSON.parse(readFileSync(join(folderOf(name), "package.json"), "utf8")) as PackageFacts,
  );
  writeFileSync(join(workshop, "extensions.js"), extensionList(facts));
  const {build, stop} = require(folderOf("esbuild")) as Esbuild;
  const common = {
    absWorkingDir: workshop,
    bundle: true,
    minify: true,
    legalComments: "linked",
    logLevel: "silent",
    target: "es2022",
    loader: loaders,
  };
  try {
    await build({
      ...common,
      entryPoints: {start: "start.js"},
      outdir: join(out, "static"),
      format: "esm",
      splitting: true,
      inject: ["process.js"],
      define: {global: "globalThis", __dirname: '"/"'},
      alias: {path: "path-browserify"},
      plugins: [nothing, mathjaxImports, tildes(workshop), drawings],
    });
    for (const {name, jupyterlab} of facts) {
      if (jupyterlab?.themePath === undefined) continue;
      await build({
        ...common,
        entryPoints: {index: join(folderOf(name), jupyterlab.themePath)},
        outdir: join(out, "themes", name),
        plugins: [tildes(workshop), drawings],
      });
    }
  } finally {
    await stop();
  }
  mkdirSync(out, {recursive: true});
  writeFileSync(join(out, "schemas.json"), JSON.stringify(facts.flatMap(schemasOf(folderOf))));
}

/** The module that imports every extension with its style, sorted into what JupyterLab wants apart. */
function extensionList(facts: readonly PackageFacts[]): string {
  const imports = facts.flatMap(({name, styleModule}, index) => [
    `import * as extension${index} from "${name}";`,
    ...(styleModule === undefined ? [] : [`import "${name}/${styleModule}";`]),
  ]);
  const list = (wanted: (facts: PackageFacts) => boolean): string =>
    facts.flatMap((each, index) => (wanted(each) ? [`extension${index}.default`] : [])).join(", ");
  const isService = ({name}: PackageFacts): boolean => name === "@jupyterlab/services-extension";
  const isMime = ({jupyterlab}: PackageFacts): boolean => jupyterlab?.mimeExtension === true;
  return [
    ...imports,
    `export const services = [${list(isService)}].flat();`,
    `export const mimeRenderers = [${list(isMime)}].flat();`,
    `export const frontEnd = [${list((each) => !isService(each) && !isMime(each))}].flat();`,
    "",
  ].join("\n");
}

const schemasOf =
  (folderOf: (name: string) => string) =>
  ({name, version, jupyterlab}: PackageFacts): readonly object[] => {
    if (jupyterlab?.schemaDir === undefined) return [];
    const folder = join(folderOf(name), jupyterlab.schemaDir);
    return readdirSync(folder)
      .filter((file) => file.endsWith(".json") && file !== "package.json.orig")
      .sort()
      .map((file) => ({
        id: `${name}:${file.slice(0, -".json".length)}`,
        version,
        schema: JSON.parse(readFileSync(join(folder, file), "utf8")) as object,
      }));
  };

const loaders: Readonly<Record<string, string>> = {
  // A script imports a drawing as text; style sheets see `drawings`.
  ".svg": "text",
  ...Object.fromEntries(
    [".woff", ".woff2", ".ttf", ".eot", ".otf", ".png", ".gif", ".jpg"].map((kind) => [
      kind,
      "file",
    ]),
  ),
};

/** Drawings that a style sheet refers to become part of it. */
const drawings = {
  name: "drawings",
  setup(build: PluginBuild): void {
    build.onResolve({filter: /^\.{1,2}\/.*\.svg(?:[?#].*)?$/}, ({path, resolveDir, kind}) =>
      kind === "url-token"
        ? {path: join(resolveDir, path.replace(/[?#].*$/, "")), namespace: "drawing"}
        : undefined,
    );
    build.onLoad({filter: /.*/, namespace: "drawing"}, ({path}) => ({
      contents: readFileSync(path, "utf8"),
      loader: "dataurl",
    }));
  },
};

/** `~package/file` in a style sheet is webpack's way to name a file of a package. */
const tildes = (workshop: string): object => ({
  name: "tildes",
  setup(build: PluginBuild): void {
    build.onResolve({filter: /^~/}, ({path}) => ({
      path: join(workshop, "node_modules", path.slice(1)),
    }));
  },
});

/** MathJax is CommonJS; esbuild gives what is imported from it on demand as `default`, and its user looks for the names. */
const mathjaxImports = {
  name: "mathjax-imports",
  setup(build: PluginBuild): void {
    build.onLoad({filter: /@jupyterlab.mathjax-extension.lib.index\.js$/}, ({path}) => ({
      contents: readFileSync(path, "utf8").replace(
        /\bimport\('mathjax-full\/[^']+'\)/g,
        "$&.then((module) => module.default)",
      ),
      loader: "js",
    }));
  },
};

// Modules of Node that packages mention and no browser needs, and the drawing library for which src/lab/application has stand-ins.
const unwanted = /^(?:url|crypto|buffer|fs|module|ws|mermaid|@mermaid-js\/layout-elk)$/;

const nothing = {
  name: "nothing",
  setup(build: PluginBuild): void {
    build.onResolve({filter: unwanted}, ({path}) => ({path, namespace: "nothing"}));
    build.onLoad({filter: /.*/, namespace: "nothing"}, () => ({
      contents: "module.exports = {};",
      loader: "js",
    }));
  },
};

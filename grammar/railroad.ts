// The grammar as railroad diagrams in one HTML page that needs no network: Chevrotain's page names five files on a server; here they are
// part of the page.

import {readFileSync} from "node:fs";
import {createSyntaxDiagramsCode} from "chevrotain";
import {quiesceParser} from "./parser.ts";

/** Reads the scripts of the installed Chevrotain. */
export function railroadPage(): string {
  const page = createSyntaxDiagramsCode(quiesceParser().getSerializedGastProductions());
  const inlined = page
    .replace(
      /<link rel='stylesheet' href='[^']*\/diagrams\/([^']*)'>/g,
      (_, path: string) => `<style>\n${asset(path)}</style>`,
    )
    .replace(
      /<script src='[^']*\/diagrams\/([^']*)'><\/script>/g,
      (_, path: string) => `<script>\n${asset(path)}</script>`,
    );
  if (/\b(?:src|href)='/.test(inlined))
    throw new Error(
      "Chevrotain's page of diagrams has changed: some file of it was not put inside",
    );
  const lines = inlined
    .trim()
    .split("\n")
    .map((line) => line.trimEnd());
  lines.splice(
    2,
    0,
    "<title>The grammar of Quiesce</title>",
    "<!-- Holds the diagram scripts of Chevrotain (Apache-2.0) and of railroad-diagrams by Tab Atkins Jr. (CC0). -->",
  );
  return `${lines.join("\n")}\n`;
}

function asset(path: string): string {
  // From Chevrotain's entry, lib/src/api.js, up to its root.
  return readFileSync(new URL(`../../diagrams/${path}`, import.meta.resolve("chevrotain")), "utf8");
}

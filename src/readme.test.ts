// The README is a program: its Quiesce blocks are checked and run, its TypeScript block is executed, its tables are compared with the code.

import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import type {SessionEvent} from "./session/events.ts";
import {Session} from "./session/session.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");

function blocks(language: string): string[] {
  return [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter((match) => match[1] === language)
    .map((match) => match[2] as string);
}

describe("README", () => {
  it("shows Quiesce programs that run and keep their promises", async () => {
    const texts = blocks("quiesce");
    assert.ok(texts.length >= 2);
    for (const text of texts) {
      const session = new Session({folder: root, workers: 0, replications: 2});
      const events: SessionEvent[] = [];
      const {ok, failedExpectations} = await session.execute({name: "README.md", text}, (event) =>
        events.push(event),
      );
      assert.ok(
        ok,
        JSON.stringify(
          events.filter((event) => event.kind === "diagnostics" || event.kind === "failure"),
        ),
      );
      assert.equal(failedExpectations, 0);
      assert.deepEqual(
        events.filter((event) => event.kind === "diagnostics"),
        [],
      );
    }
  });

  it("shows library code that runs as it stands", () => {
    const [text] = blocks("ts");
    assert.ok(text !== undefined);
    const folder = mkdtempSync(join(root, "dist", "readme-"));
    try {
      writeFileSync(join(folder, "example.mjs"), text);
      const said = execFileSync(process.execPath, [join(folder, "example.mjs")], {
        encoding: "utf8",
      });
      assert.match(said, /^rcu_sync .*thp\.sync/m);
    } finally {
      rmSync(folder, {recursive: true});
    }
  });

  it("names the commands and rooms that there are", () => {
    const main = readFileSync(join(root, "src", "cli", "main.ts"), "utf8");
    const commands = [
      ...main.matchAll(/^(?:program|const \w+ = program)\s*\.command\("(\w+)"\)/gm),
    ].map((match) => match[1] as string);
    assert.ok(commands.length >= 10);
    for (const command of commands)
      assert.match(
        readme,
        new RegExp(`^\\| .*\`[^|]*\\b${command}\\b.*\\|$`, "m"),
        `${command} is not in the table`,
      );
    const rooms = [
      ...readFileSync(join(root, "src", "rooms.test.ts"), "utf8").matchAll(/^ {2}(\w+): \{/gm),
    ].map((match) => match[1] as string);
    for (const room of rooms)
      if (room !== "index" && room !== "units")
        assert.match(
          readme,
          new RegExp(`\`(src/)?${room}/?\``),
          `${room} is not in the table of rooms`,
        );
  });

  it("links to files that exist", () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] as string);
    assert.ok(links.length >= 2);
    for (const link of links) assert.ok(existsSync(join(root, link)), link);
  });
});

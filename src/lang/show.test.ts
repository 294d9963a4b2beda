import assert from "node:assert/strict";
import {it} from "node:test";
import {checkText, type Environment, startingEnvironment} from "./check.ts";
import {namesIn} from "./environment-names.ts";
import {hover} from "./hover.ts";
import {showCommand, showName, shownText} from "./show.ts";

const text = `/// Ours.
machine lab from xeon_2x32 { hz: 1000, costs: lab_costs, isolated: last(8) }
costs lab_costs from xeon_costs { mb: 27cyc }
scenario host {
  machine: lab
  param readers: Int in 1..64 = 16
  mm app { cpus: first(readers) }
  walker gup { mm: app, every: exp(10us), hold: lognormal(p50: 1us, p99: 6us) }
  writer thp { mm: app, every: exp(1ms), kind: collapse }
}
experiment e { scenario: host, policy: [broadcast_ipi, targeted_ipi], with { readers: 4 } }
`;
const source = {name: "cell [1]", text};
const environment: Environment = checkText(source, startingEnvironment()).environment;

function shown(name: string): {rows: Record<string, string>; text: string} {
  const found = showName(environment, name);
  assert.deepEqual(found?.diagnostics, []);
  assert.ok(found?.shown);
  const rows = Object.fromEntries(
    found.shown.rows.map((row) => [row.path, `${row.value} <- ${row.origin}`]),
  );
  return {rows, text: shownText(found.shown)};
}

it("a machine is shown with the origin of every value", () => {
  const {rows} = shown("lab");
  assert.equal(rows.hz, "1000 <- cell [1]:2");
  assert.equal(rows.isolated, "56-63 <- cell [1]:2");
  assert.equal(rows.arch, "x86 <- default");
  assert.match(rows.cores ?? "", /^32 <- prelude\/machines.quiesce:\d+$/);
  assert.equal(rows["costs.mb"], "27cyc = 10ns <- cell [1]:3");
});

it("an experiment is shown as `with` leaves it, with its axes", () => {
  const found = shown("e");
  assert.equal(found.rows.readers, "4 <- cell [1]:11, with, in 1..64");
  assert.equal(found.rows["app.cpus"], "0-3 <- cell [1]:7");
  assert.match(found.text, /axis policy: broadcast_ipi, targeted_ipi/);
  assert.match(found.text, /2 points x 10 replications/);
});

it("a policy is shown with its source, what it covers and what it costs", () => {
  const found = shown("targeted_ipi");
  assert.match(found.text, /store_release walking = none/);
  assert.match(found.text, /covers free, unshare, collapse \(inferred on flat_4\)/);
  assert.match(found.text, /cost on flat_4: enter \d+cyc = \d+ns/);
  assert.match(
    found.text,
    /sends an IPI to each of `online - self where acquire\(walking\[cpu\]\) == mm`/,
  );
});

it("a distribution is shown by its mean and quantiles", () => {
  const cell = checkText({name: "cell [2]", text: "show exp(10us)"}, environment);
  const [command] = cell.commands;
  assert.ok(command?.kind === "show");
  const {shown: found} = showCommand(cell.environment, command, cell.source);
  assert.deepEqual(found?.notes, ["mean 10us, p50 6.93us, p99 46.1us, p99.9 69.1us"]);
});

function hoverOn(marked: string): string | undefined {
  const offset = marked.indexOf("¦");
  assert.ok(offset >= 0);
  return hover({name: "cell [2]", text: marked.replace("¦", "")}, offset, environment)?.plain;
}

it("hovering explains fields, steps, metrics, quantities, distributions, codes and names", () => {
  assert.match(hoverOn("walker w { ho¦ld: 1us }") ?? "", /^walker.hold: Dist<Duration>/);
  assert.match(hoverOn("policy p { on sync { wait gp¦ expedited } }") ?? "none", /none/);
  assert.match(hoverOn("policy p { on sync { wa¦it gp expedited } }") ?? "", /^wait gp expedited/);
  assert.match(hoverOn("table p99(thp.sy¦nc) of e") ?? "", /^thp.sync: stream of a writer, ns/);
  assert.match(hoverOn("let a = 40k¦/s") ?? "", /one every 25us/);
  assert.match(hoverOn("let a = logno¦rmal(p50: 1us, p99: 2us)") ?? "", /lognormal\(p50:, p99:\)/);
  assert.match(hoverOn("# W4¦04") ?? "", /^W404: /);
  assert.match(
    hoverOn("machine m from la¦b { }") ?? "",
    /^machine lab \(cell \[1\], line 2\)\nOurs\./,
  );
  assert.match(hoverOn("experiment f from e { policy: rcu_s¦ync }") ?? "", /covers free, unshare/);
  assert.equal(hoverOn("let a = nowh¦ere"), undefined);
});

it("completion is offered what is in force, newest first, and what is inside it", () => {
  const names = namesIn(environment);
  const kinds = new Map(names.names().map((one) => [one.name, one.kind]));
  assert.equal(kinds.get("lab"), "machine");
  assert.equal(kinds.get("rcu_sync"), "policy");
  assert.deepEqual(
    names.members("e").map((one) => `${one.kind} ${one.name}`),
    ["param readers", "mm app", "walker gup", "writer thp"],
  );
});

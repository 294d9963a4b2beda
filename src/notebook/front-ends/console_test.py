"""jupyter-console in a terminal: several lines in one cell, an answer to prompt(), an error, Quiesce, leaving."""

import os
import sys

import pexpect

QUIESCE = "quiesce" in sys.argv[1:]

console = pexpect.spawn(
    "/usr/bin/python3",
    ["/usr/bin/jupyter-console", "--kernel", "quiesce"],
    encoding="utf-8",
    timeout=90,
    dimensions=(50, 160),
    env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
)
console.logfile_read = sys.stdout


def fault_of_the_console():
    # prompt_toolkit flushes half-typed keys on a timer, and on a busy machine that timer can fire while the console waits for the kernel's
    # is_complete_reply in a nested event loop. Nothing after that means anything; the caller tries again.
    console.close(force=True)
    sys.exit(75)


def expect(pattern):
    if console.expect(["generator already executing", pattern]) == 0:
        fault_of_the_console()


def prompt(number):
    # Between the brackets of a prompt stand escape sequences for colours.
    expect(r"In \[(\x1b\[[0-9;]*m)*" + str(number))


def cell(number, lines, answer):
    prompt(number)
    for line in lines[:-1]:
        console.send(line + "\r")
        # The kernel has said that the cell is not complete.
        expect(r"\.\.\.: ")
    console.send(lines[-1] + "\r")
    expect(answer)


cell(1, ["6 * 7"], "42")
# The console inserts the indentation that the kernel suggests; a line of its own ends the function.
cell(2, ["function twice(x: number) {", "return 2 * x;", "}"], "")
cell(3, ["twice(21.5)"], "43")
cell(4, ['prompt("who? ")'], r"who\? ")
console.send("Ada\r")
expect("'Ada'")
cell(5, ["const a: string = 1;"], "TS2322")
if QUIESCE:
    cell(6, ["machine lab from flat_4 {", "hz: 1000", "}"], "lab")
    study = ["machine: lab", "policy: targeted_ipi", "mm app { cpus: all }", "walker gup { mm: app, every: 20us, hold: 1us }"]
    study += ["writer thp { mm: app, every: 100us, kind: collapse }", "duration: 20ms, replications: 200", "}"]
    cell(7, ["experiment long {", *study], "")
    # The console knows no display that is replaced: progress is a line that is written over.
    cell(8, ["run long"], r"[█░]{24} 0/1 point · \d+ replications")
    expect("long: 1 point, 200 replications")
prompt(9 if QUIESCE else 6)
console.sendeof()
console.expect(r"exit|y/n|\[y")
console.send("y\r")
console.expect(pexpect.EOF)
print("console: all as expected")

"""Time until a kernel is ready and the round trips of small cells and questions, for this kernel and for ipykernel, turn by turn in one run.

/usr/bin/python3 src/notebook/front-ends/round_trip_bench.py [ROUNDS]

The kernels run in an empty folder. Medians, in ms.
"""

import statistics
import sys
import tempfile
import time

from jupyter_client.manager import KernelManager

rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
folder = tempfile.mkdtemp()


class Kernel:
    def __init__(self, name, cells, question):
        self.name, self.cells, self.question, self.times = name, cells, question, {}
        self.manager = KernelManager(kernel_name=name)
        started = time.perf_counter()
        self.manager.start_kernel(cwd=folder)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)
        self.note("ready", started)
        started = time.perf_counter()
        self.execute(cells[0])
        self.note("first cell", started)

    def note(self, what, started):
        self.times.setdefault(what, []).append(1000 * (time.perf_counter() - started))

    def execute(self, code):
        self.client.execute_interactive(code, timeout=120, output_hook=lambda message: None)

    def turn(self, number):
        code = self.cells[number % len(self.cells)]
        for what, source in (("cell run again", code), ("new cell", code + " " * (number + 1))):
            started = time.perf_counter()
            self.execute(source)
            self.note(what, started)
        for what, ask in (("complete", self.client.complete), ("inspect", self.client.inspect)):
            started = time.perf_counter()
            ask(self.question + " " * number, len(self.question), reply=True, timeout=120)
            self.note(what, started)

    def stop(self):
        self.client.stop_channels()
        self.client = None
        self.manager.shutdown_kernel()


python = Kernel("python3", ["1 + 1", "a = 2", "print('x')"], "len")
typescript = Kernel("quiesce", ["1 + 1", "let a = 2", "console.log('x')"], "Math.max")
quiesce = Kernel("quiesce", ["machine lab from flat_4 { }", "let gap = 5us", "show flat_4"], "flat_4")
kernels = [("ipykernel", python), ("TypeScript", typescript), ("Quiesce", quiesce)]
try:
    for number in range(rounds):
        for _, kernel in kernels:
            kernel.turn(number)
finally:
    for _, kernel in kernels:
        kernel.stop()
columns = list(python.times)
print(" " * 12 + "".join("%18s" % column for column in columns))
for name, kernel in kernels:
    medians = [statistics.median(kernel.times[column]) for column in columns]
    of = [value / statistics.median(python.times[column]) for column, value in zip(columns, medians)]
    print("%-12s" % name + "".join("%10.1f (%4.2fx)" % pair for pair in zip(medians, of)))

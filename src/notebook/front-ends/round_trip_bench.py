"""Time until a kernel is ready and the round trip of a small cell, for this kernel and for ipykernel, in one run.

/usr/bin/python3 src/notebook/front-ends/round_trip_bench.py [ROUNDS]
"""

import statistics
import sys
import time

from jupyter_client.manager import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60


def measure(name, cells):
    manager = KernelManager(kernel_name=name, kernel_spec_manager=KernelSpecManager())
    started = time.perf_counter()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=120)
    ready = time.perf_counter() - started
    try:
        first = time.perf_counter()
        client.execute_interactive(cells[0], timeout=120, output_hook=lambda message: None)
        first = time.perf_counter() - first
        again, fresh = [], []
        for turn in range(rounds):
            for code, times in ((cells[turn % len(cells)], again), (cells[turn % len(cells)] + " " * (turn + 1), fresh)):
                before = time.perf_counter()
                client.execute_interactive(code, timeout=120, output_hook=lambda message: None)
                times.append(time.perf_counter() - before)
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    milliseconds = [1000 * value for value in (ready, first, statistics.median(again), statistics.median(fresh))]
    print("%-10s ready %6.0f   first cell %6.0f   cell run again %6.1f   new cell %6.1f  ms" % (name, *milliseconds))
    return milliseconds


python = measure("python3", ["1 + 1", "a = 2", "print('x')"])
ours = measure("quiesce", ["1 + 1", "let a = 2", "console.log('x')"])
print("of ipykernel's time: a cell run again %.2f, a new cell %.2f" % (ours[2] / python[2], ours[3] / python[3]))

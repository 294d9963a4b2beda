"""The models of `peers.bench.ts` in SimPy 2 (Debian's python3-simpy), as its manual has them: processes that hold, and a resource.

usage: peers hold PENDING EVENTS   -> RATE CHECK: events a CPU second, after as many as are pending (but not more than EVENTS), and
                                      those events, each weighted by its kind
       peers mm4 CUSTOMERS         -> RATE WAIT: customers a CPU second, mean wait in units of a service

Draws are made before the clock starts, and there is no garbage collection: both to the advantage of SimPy.
"""

import gc
import random
import sys
import time

from SimPy.Simulation import Process, Resource, Simulation, hold, release, request

sim = Simulation()
random.seed(1)
left = int(sys.argv[-1])
before = 0
start = 0.0
check = 0.0


def exponentials(mean):
    return [float(int(random.expovariate(1 / mean)) + 1) for _ in range(1 << 18)]


class Entity(Process):
    def live(self, kind, gaps):
        global left, before, start, check
        while True:
            if before > 0:
                before -= 1
                if before == 0:
                    start = time.process_time()
            else:
                check += kind + 1
                left -= 1
                if left == 0:
                    self.sim.stopSimulation()
            yield hold, self, next(gaps)


class Source(Process):
    def arrive(self, gaps, services, workers):
        while True:
            yield hold, self, next(gaps)
            customer = Customer(sim=self.sim)
            self.sim.activate(customer, customer.visit(next(services), workers))


class Customer(Process):
    def visit(self, service, workers):
        global left, check
        arrived = self.sim.now()
        yield request, self, workers
        check += self.sim.now() - arrived
        left -= 1
        if left == 0:
            self.sim.stopSimulation()
        yield hold, self, service
        yield release, self, workers


def again(values):
    """The values for ever, from a place of their own."""
    while True:
        yield from values


many = left
if sys.argv[1] == "hold":
    gaps = again(exponentials(1e6))
    before = min(int(sys.argv[2]), many)
    for i in range(int(sys.argv[2])):
        entity = Entity(sim=sim)
        sim.activate(entity, entity.live(i & 3, gaps), delay=next(gaps))
    per = 1
else:
    workers = Resource(capacity=4, sim=sim)
    source = Source(sim=sim)
    sim.activate(source, source.arrive(again(exponentials(1e6 / 3.6)), again(exponentials(1e6)), workers))
    per = many * 1e6
gc.disable()
start = time.process_time()
sim.simulate(until=1e300)
seconds = time.process_time() - start
print("%.0f %.6f" % (many / seconds, check / per))

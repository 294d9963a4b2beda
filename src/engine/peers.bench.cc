// The models of `peers.bench.ts` in ns-3, as its tutorial has them: a function is scheduled, and schedules the next one.
//
// usage: peers hold SCHEDULER PENDING EVENTS   -> SCHEDULER RATE CHECK: events a CPU second, after as many as are pending; and those
//                                                 events, each weighted by its kind
//        peers mm4  SCHEDULER CUSTOMERS        -> SCHEDULER RATE WAIT: customers a CPU second, mean wait in units of a service
// SCHEDULER is a type of ns-3, or `default`; the one that is printed is the one that ran. Draws are those of the C yardsticks and not ns-3's own,
// which are dearer.

#include <ns3/core-module.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>

#include "../random/ziggurat.bench.h"

using namespace ns3;

namespace {

stream gaps = {1, 2, 3, 1};

/** An exponential time of that mean in nanoseconds. */
inline Time Later(double mean) { return NanoSeconds((int64_t)(mean * exponential(&gaps)) + 1); }

long left, before;
double seen[4];
clock_t since;

template <int kind>
void Hold(uint32_t entity) {
  if (before > 0) {
    if (--before == 0) since = clock();
  } else {
    seen[kind] += kind + 1;
    if (--left == 0) Simulator::Stop();
  }
  Simulator::Schedule(Later(1e6), &Hold<kind>, entity);
}

constexpr double service = 1e6;
std::deque<int64_t> waiting;
int busy;
double waited;

void Depart();

void Serve(int64_t arrived) {
  waited += Simulator::Now().GetNanoSeconds() - arrived;
  if (--left == 0) Simulator::Stop();
  Simulator::Schedule(Later(service), &Depart);
}

void Depart() {
  if (waiting.empty()) {
    busy--;
    return;
  }
  int64_t arrived = waiting.front();
  waiting.pop_front();
  Serve(arrived);
}

void Arrive() {
  int64_t now = Simulator::Now().GetNanoSeconds();
  Simulator::Schedule(Later(service / 3.6), &Arrive);
  if (busy == 4) {
    waiting.push_back(now);
    return;
  }
  busy++;
  Serve(now);
}

/** CPU seconds of the run, or of what of it is measured. */
double Run() {
  since = clock();
  Simulator::Run();
  return (double)(clock() - since) / CLOCKS_PER_SEC;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  build();
  if (strcmp(argv[2], "default") != 0) {
    GlobalValue::Bind("SchedulerType", TypeIdValue(TypeId::LookupByName(argv[2])));
  }
  TypeIdValue scheduler;
  GlobalValue::GetValueByName("SchedulerType", scheduler);
  long many = atol(argv[argc - 1]);
  left = many;
  double seconds, check;
  if (strcmp(argv[1], "hold") == 0) {
    uint32_t pending = atoi(argv[3]);
    before = pending;
    for (uint32_t i = 0; i < pending; i++) {
      switch (i & 3) {
        case 0: Simulator::Schedule(Later(1e6), &Hold<0>, i); break;
        case 1: Simulator::Schedule(Later(1e6), &Hold<1>, i); break;
        case 2: Simulator::Schedule(Later(1e6), &Hold<2>, i); break;
        default: Simulator::Schedule(Later(1e6), &Hold<3>, i);
      }
    }
    seconds = Run();
    check = seen[0] + seen[1] + seen[2] + seen[3];
  } else {
    Simulator::Schedule(Later(service / 3.6), &Arrive);
    seconds = Run();
    check = waited / many / service;
  }
  printf("%s %.0f %.6f\n", scheduler.Get().GetName().c_str(), many / seconds, check);
  return 0;
}

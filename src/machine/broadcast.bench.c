/* The yardstick of the bench: model W, hand-written, one event per phase and message, on a binary heap.
 *
 * n CPUs alternate user time Exp(2000 ns) and walks with interrupts off Exp(200 ns). One writer thinks Exp(50 us), then interrupts all n
 * and waits for every acknowledgement: 500 ns to arrive, 150 ns to handle, which the victim's user time makes up for later; a CPU that
 * walks takes the interrupt when the walk ends. sfc32 per CPU, exponentials by ziggurat, time in integer picoseconds, ties ordered by
 * (kind, CPU): what the engine does too.
 *
 * usage: broadcast n duration_ns seed -> one line: syncs  mean wait [ns]  events  CPU seconds
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../random/ziggurat.bench.h"

static stream seeded(uint32_t x, uint32_t y) {
  stream s = {x, y, x ^ 0x9e3779b9u, 1};
  for (int i = 0; i < 15; i++) draw32(&s);
  return s;
}

enum { WALK_BEGINS, WALK_ENDS, ARRIVES, HANDLED, WRITER };
typedef struct { int64_t time; uint32_t kind, cpu, stamp; } item;

static item *heap;
static int size;
static uint64_t events;

static int earlier(const item *x, const item *y) {
  if (x->time != y->time) return x->time < y->time;
  if (x->kind != y->kind) return x->kind < y->kind;
  return x->cpu < y->cpu;
}

static void push(int64_t time, uint32_t kind, uint32_t cpu, uint32_t stamp) {
  item it = {time, kind, cpu, stamp};
  int at = size++;
  while (at > 0) {
    int up = (at - 1) / 2;
    if (earlier(&heap[up], &it)) break;
    heap[at] = heap[up];
    at = up;
  }
  heap[at] = it;
}

static item pop(void) {
  item top = heap[0], last = heap[--size];
  int at = 0;
  for (;;) {
    int child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && earlier(&heap[child + 1], &heap[child])) child++;
    if (!earlier(&heap[child], &last)) break;
    heap[at] = heap[child];
    at = child;
  }
  if (size > 0) heap[at] = last;
  return top;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  int n = atoi(argv[1]);
  int64_t duration = (int64_t)(atof(argv[2]) * 1000);
  uint32_t seed = (uint32_t)atoi(argv[3]);
  build();
  stream *user = malloc(sizeof(stream) * n), *walk = malloc(sizeof(stream) * n), writer = seeded(seed, 99);
  int64_t *next = malloc(sizeof(int64_t) * n);
  uint32_t *stamp = calloc(n, sizeof(uint32_t));
  char *walking = calloc(n, 1), *pending = calloc(n, 1);
  heap = malloc(sizeof(item) * (6 * (size_t)n + 64));
  for (int i = 0; i < n; i++) {
    user[i] = seeded(seed, 2 * i + 1000);
    walk[i] = seeded(seed, 2 * i + 1001);
    next[i] = (int64_t)(2e6 * exponential(&user[i]) + 0.5);
    push(next[i], WALK_BEGINS, i, 0);
  }
  push((int64_t)(5e7 * exponential(&writer) + 0.5), WRITER, 0, 0);
  int outstanding = 0;
  int64_t began = 0;
  uint64_t syncs = 0;
  double sum = 0;
  clock_t start = clock();
  while (heap[0].time < duration) {
    item it = pop();
    int i = it.cpu;
    events++;
    switch (it.kind) {
      case WALK_BEGINS:
        if (it.stamp != stamp[i]) { events--; break; }
        walking[i] = 1;
        push(it.time + (int64_t)(2e5 * exponential(&walk[i]) + 0.5), WALK_ENDS, i, 0);
        break;
      case WALK_ENDS:
        walking[i] = 0;
        next[i] = it.time + (int64_t)(2e6 * exponential(&user[i]) + 0.5);
        if (pending[i]) {
          pending[i] = 0;
          next[i] += 150000;
          push(it.time + 150000, HANDLED, i, 0);
        }
        push(next[i], WALK_BEGINS, i, ++stamp[i]);
        break;
      case ARRIVES:
        if (walking[i]) { pending[i] = 1; break; }
        next[i] += 150000;
        push(next[i], WALK_BEGINS, i, ++stamp[i]);
        push(it.time + 150000, HANDLED, i, 0);
        break;
      case HANDLED:
        if (--outstanding == 0) {
          syncs++;
          sum += (double)(it.time - began);
          push(it.time + (int64_t)(5e7 * exponential(&writer) + 0.5), WRITER, 0, 0);
        }
        break;
      default:
        outstanding = n;
        began = it.time;
        for (int k = 0; k < n; k++) push(it.time + 500000, ARRIVES, k, 0);
    }
    /* Stale begins are dropped as they surface; the heap has room for several per CPU. */
    if (size > 6 * n + 32) return 3;
  }
  printf("%llu %.6f %llu %.6f\n", (unsigned long long)syncs, syncs ? sum / syncs / 1000 : 0,
         (unsigned long long)events, (double)(clock() - start) / CLOCKS_PER_SEC);
  return 0;
}

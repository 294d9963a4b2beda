/* The yardstick of the hold model: n events pending, the first is taken and comes again after an exponential time of mean 1. Two
 * structures, bare (nothing is dispatched): a binary heap and a calendar queue whose buckets fit n. sfc32, exponentials by ziggurat.
 *
 * usage: hold n events -> one line: heap calendar, both in events a CPU second
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../random/ziggurat.bench.h"

static stream gaps = {1, 2, 3, 1};

typedef struct { double time; uint32_t what; } item;

static double heaps(int n, long events) {
  item *heap = malloc(sizeof(item) * (n + 1));
  for (int i = 0; i < n; i++) heap[i] = (item){exponential(&gaps), i};
  for (int root = n / 2 - 1; root >= 0; root--) {
    for (int at = root;;) {
      int child = 2 * at + 1;
      if (child >= n) break;
      if (child + 1 < n && heap[child + 1].time < heap[child].time) child++;
      if (heap[at].time <= heap[child].time) break;
      item x = heap[at]; heap[at] = heap[child]; heap[child] = x;
      at = child;
    }
  }
  clock_t start = clock();
  for (long e = 0; e < events; e++) {
    item it = heap[0];
    it.time += exponential(&gaps);
    int at = 0;
    for (;;) {
      int child = 2 * at + 1;
      if (child >= n) break;
      if (child + 1 < n && heap[child + 1].time < heap[child].time) child++;
      if (heap[child].time >= it.time) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = it;
  }
  double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  free(heap);
  return events / seconds;
}

static int *bucket, *next_;
static double *time_, day;
static int mask;

static inline void put(int i) {
  int *at = &bucket[(int)((long)(time_[i] / day) & mask)];
  while (*at >= 0 && time_[*at] < time_[i]) at = &next_[*at];
  next_[i] = *at;
  *at = i;
}

static double calendars(int n, long events) {
  int buckets = 16;
  while (buckets < n) buckets *= 2;
  mask = buckets - 1;
  day = 2.0 / n;
  bucket = malloc(sizeof(int) * buckets);
  next_ = malloc(sizeof(int) * n);
  time_ = malloc(sizeof(double) * n);
  for (int i = 0; i < buckets; i++) bucket[i] = -1;
  for (int i = 0; i < n; i++) { time_[i] = exponential(&gaps); put(i); }
  long today = 0;
  clock_t start = clock();
  for (long e = 0; e < events; e++) {
    int i;
    while ((i = bucket[today & mask]) < 0 || time_[i] >= (today + 1) * day) today++;
    bucket[today & mask] = next_[i];
    time_[i] += exponential(&gaps);
    put(i);
  }
  double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  free(bucket); free(next_); free(time_);
  return events / seconds;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int n = atoi(argv[1]);
  long events = atol(argv[2]);
  build();
  double heap = heaps(n, events);
  printf("%.0f %.0f\n", heap, calendars(n, events));
  return 0;
}

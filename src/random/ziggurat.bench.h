/* Draws of the yardsticks in C and C++, as `stream.ts` and `ziggurat.ts` have them: sfc32, exponentials of mean 1. Call `build` once. */
#include <math.h>
#include <stdint.h>

typedef struct { uint32_t a, b, c, d; } stream;

static inline uint32_t draw32(stream *s) {
  uint32_t t = s->a + s->b + s->d++;
  s->a = s->b ^ (s->b >> 9);
  s->b = s->c + (s->c << 3);
  s->c = ((s->c << 21) | (s->c >> 11)) + t;
  return t;
}

static uint32_t inner[256];
static double width[256], density[257];

static inline void build(void) {
  const double r = 7.69711747013105, v = 0.003949659822581557, places = 16777216;
  double edge[257];
  edge[0] = v / exp(-r);
  edge[1] = r;
  for (int i = 2; i < 256; i++) edge[i] = -log(v / edge[i - 1] + exp(-edge[i - 1]));
  edge[256] = 0;
  for (int i = 0; i < 256; i++) {
    inner[i] = (uint32_t)(edge[i + 1] / edge[i] * places);
    width[i] = edge[i] / places;
    density[i] = exp(-edge[i]);
  }
  density[256] = 1;
}

static inline double exponential(stream *s) {
  double passed = 0;
  for (;;) {
    uint32_t u = draw32(s), layer = u & 255, place = u >> 8;
    if (place < inner[layer]) return passed + (place + 0.5) * width[layer];
    if (layer == 0) { passed += 7.69711747013105; continue; }
    double x = (place + 0.5) * width[layer], f = draw32(s) * 0x1p-32;
    if (density[layer] + f * (density[layer + 1] - density[layer]) < exp(-x)) return passed + x;
  }
}

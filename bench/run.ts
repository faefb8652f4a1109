/**
 * Runs the benches: `deno run -A bench/run.ts [--ten-million] [suite…]`, all of them by default. It
 * starts a PostgreSQL server for itself, and clears up. Results stand in `bench/results`.
 */
import { BENCH_NAMES, performanceBenchmarks } from "./performance_benchmarks_bench.ts";
import { withPlace } from "./place.ts";

const TEN_MILLION = "--ten-million";

if (import.meta.main) {
  const names = Deno.args.filter((arg) => arg !== TEN_MILLION);
  const unknown = names.filter((name) => !BENCH_NAMES.includes(name));
  if (unknown.length > 0) {
    console.error(`Unknown: ${unknown.join(", ")}; there are ${BENCH_NAMES.join(", ")}`);
    Deno.exit(2);
  }
  await withPlace((place) =>
    performanceBenchmarks(place, {
      names: names.length > 0 ? names : BENCH_NAMES,
      tenMillion: Deno.args.includes(TEN_MILLION),
    })
  );
}

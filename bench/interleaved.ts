/**
 * Measures cases interleaved: a sample of each, then of each again, now in the other order. Whatever the
 * machine does meanwhile meets all of them alike, so that their ratio is worth more than one of
 * medians that were taken one after the other.
 */
import type { BenchCase, Latency } from "./harness.ts";

/** How long cases are measured, in milliseconds for each of them, and warmed up before. */
export interface InterleavedOptions {
  readonly measureMs: number;
  readonly warmUpMs: number;
}

/**
 * Measures cases interleaved: a sample of each, then of each again, now in the other order; in the
 * order of the cases.
 */
export async function measureInterleaved(
  cases: readonly BenchCase[],
  { measureMs, warmUpMs }: InterleavedOptions,
): Promise<Latency[]> {
  await rounds(cases, warmUpMs);
  const samples = await rounds(cases, measureMs);
  return samples.map(latencyOf);
}

/** Milliseconds a call, by case. */
async function rounds(cases: readonly BenchCase[], forMs: number): Promise<number[][]> {
  const samples: number[][] = cases.map(() => []);
  const order = [...cases.keys()];
  const ends = performance.now() + forMs * cases.length;
  while (performance.now() < ends) {
    for (const i of order) samples[i]!.push(await sample(cases[i]!));
    order.reverse();
  }
  return samples;
}

async function sample({ run, before, after, calls = 1 }: BenchCase): Promise<number> {
  await before?.();
  const began = performance.now();
  for (let call = 0; call < calls; call++) {
    const value = run();
    if (value instanceof Promise) await value;
  }
  const tookMs = performance.now() - began;
  await after?.();
  return tookMs / calls;
}

function latencyOf(samples: readonly number[]): Latency {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  return { p50: at(0.5), p75: at(0.75), p99: at(0.99), min: at(0), samplesCount: sorted.length };
}

/**
 * The performance benchmarks: every suite in turn, and at the end what was asked for beside what was
 * measured. It reports and does not judge: figures depend on the machine and on what else it does.
 */
import { format as formatBytes } from "@std/fmt/bytes";
import { backendCreationSuite } from "./backend_creation_bench.ts";
import { codecSuite } from "./codec_bench.ts";
import { connectionSuite } from "./connection_bench.ts";
import { discoverySuite } from "./discovery_bench.ts";
import {
  type BenchSuite,
  durationText,
  figureLines,
  runSuite,
  type SuiteResult,
  verdict,
} from "./harness.ts";
import { interfaceOverheadSuite } from "./interface_overhead_bench.ts";
import { memoryBench, type MemoryResult, memoryVerdict } from "./memory_bench.ts";
import { meteringSuite } from "./metering_bench.ts";
import type { BenchPlace } from "./place.ts";
import { planSuite } from "./plan_bench.ts";
import { pluginCallSuite } from "./plugin_call_bench.ts";
import { policyGateSuite } from "./policy_gate_bench.ts";
import { registrationSuite } from "./registration_bench.ts";
import { sandboxSuite } from "./sandbox_bench.ts";

const SUITES: Readonly<Record<string, (place: BenchPlace) => Promise<BenchSuite>>> = {
  sandbox: sandboxSuite,
  metering: meteringSuite,
  policy_gate: policyGateSuite,
  plugin_call: pluginCallSuite,
  plan: planSuite,
  registration: registrationSuite,
  discovery: discoverySuite,
  codec: codecSuite,
  connection: connectionSuite,
  backend_creation: backendCreationSuite,
  interface_overhead: interfaceOverheadSuite,
};
const MEMORY = "memory";

/** Names of everything that can be measured. */
export const BENCH_NAMES: readonly string[] = [...Object.keys(SUITES), MEMORY];

/** Which suites, and how much of them. */
export interface BenchChoice {
  /** Of {@linkcode BENCH_NAMES}. */
  readonly names: readonly string[];
  /** Loads ten million rows too, where memory is measured. */
  readonly tenMillion: boolean;
}

/** Runs what was chosen, and shows how it compares with what was asked for. */
export async function performanceBenchmarks(
  place: BenchPlace,
  { names, tenMillion }: BenchChoice,
): Promise<void> {
  const results: SuiteResult[] = [];
  let memory: readonly MemoryResult[] = [];
  // Loads come first: they are timed by the clock on the wall, and nothing of ours runs yet.
  if (names.includes(MEMORY)) memory = await memoryBench(place, { tenMillion });
  for (const [name, suite] of Object.entries(SUITES)) {
    if (names.includes(name)) results.push(await runSuite(await suite(place)));
  }
  for (const line of comparison(results, memory)) console.log(line);
}

function comparison(
  results: readonly SuiteResult[],
  memory: readonly MemoryResult[],
): string[] {
  const rows: string[][] = [];
  for (const { suite, cases } of results) {
    for (const { name, medianMs, goal } of cases) {
      if (goal) rows.push([`${suite}: ${name}`, durationText(medianMs), verdict(goal)]);
    }
  }
  for (const { name, peakBytes, goal } of memory) {
    if (goal) rows.push([`memory: ${name}`, formatBytes(peakBytes!), memoryVerdict(goal)]);
  }
  if (rows.length === 0) return [];
  const over = rows.filter((row) => row.at(-1)!.endsWith("OVER")).length;
  return [
    "",
    "performance benchmarks: target and median",
    ...figureLines([["", "median", "target"], ...rows]),
    `${rows.length - over} of ${rows.length} ok`,
  ];
}

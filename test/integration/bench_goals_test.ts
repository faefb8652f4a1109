/** What is told of measured runs: goals met or not, and the worst figure over machines. */
import { assertEquals, assertMatch } from "@std/assert";
import { cpuLines } from "../../bench/load/client_cpu.ts";
import { GOALS } from "../../bench/load/goal_list.ts";
import { goals } from "../../bench/load/goals.ts";
import { type KeptRun, machineName, worstLines } from "../../bench/load/kept_runs.ts";
import { EMPTY_SCRIPT } from "../../bench/load/empty_script.ts";
import { FULL_SIZES } from "../../bench/load/comparison.ts";
import { POSTGRES_REFERENCE } from "../../bench/load/postgres_competitors.ts";
import type { ComparisonResult, MeasuredResult } from "../../bench/load/result.ts";
import { DEFAULT } from "../../bench/load/snakepipe.ts";

Deno.test("of a goal, the aim, the least or neither is met, by medians; less may be better", () => {
  const verdicts = (seconds: number, cpu: number, start: number) =>
    goals(comparisons({ seconds, cpu, start }), FULL_SIZES).map(({ what, measured, verdict }) => [
      what,
      measured,
      verdict,
    ]);
  assertEquals(verdicts(1, 0.4, 0.5), [
    ["Postgres: snakepipe, to psql \\copy, CSV", 2, "met"],
    ["Postgres: client CPU for a million rows", 0.4, "met"],
    [`Postgres: time for 10 rows, to ${EMPTY_SCRIPT}`, 5, "at least"],
  ]);
  assertEquals(verdicts(1.9, 0.5, 0.6).map(([, , verdict]) => verdict), [
    "at least",
    "at least",
    "not met",
  ]);
  assertEquals(verdicts(2.1, 0.7, 0.3).map(([, , verdict]) => verdict), [
    "not met",
    "not met",
    "met",
  ]);
});

Deno.test("of several machines the worst figure of each goal is shown, with its machine", () => {
  const slow = run("Slow CPU", { seconds: 3, cpu: 0.5, start: 0.3 });
  const fast = run("Fast CPU", { seconds: 1, cpu: 0.9, start: 0.4 });
  const lines = worstLines([slow, fast]);
  const of = (what: string) => lines.find((line) => line.trimStart().startsWith(what))!;
  assertMatch(of("Postgres: snakepipe, to psql"), / 0\.67 .* 2 +not met; Slow CPU, 2 cores$/);
  assertMatch(of("Postgres: client CPU"), / 0\.90 s .* 2 +not met; Fast CPU, 2 cores$/);
  assertMatch(of("Postgres: time for 10 rows"), / 4\.00 .* 2 +met; Fast CPU, 2 cores$/);
  assertEquals(lines.some((line) => line.includes("libSQL")), false);
});

Deno.test("the client's CPU is told beside the figure of the same processor, or that there is none", () => {
  const measured = [10_000, 200_000].map((rows): ComparisonResult =>
    comparison(rows, [{ cpu: rows / 1e6 }])
  );
  const about = { seconds: 1, cpu: 0.7, start: 0.3 };
  const told = (cpu: string) =>
    cpuLines(measured, { machine: run(cpu, about).machine, kept: [run("Fast CPU", about)] });
  assertEquals(told("Fast CPU"), [
    "Postgres: about 1.00 s of client CPU a million rows; 0.70 s is recorded for Fast CPU, on 2026-01-02",
  ]);
  assertEquals(told("Other CPU"), [
    "Postgres: about 1.00 s of client CPU a million rows; none is recorded for Other CPU, 2 cores",
  ]);
});

Deno.test("a goal's least is no more than its aim asks, and a machine's file is named by it", () => {
  for (const { atLeast, aim, measure } of GOALS) {
    const less = measure.kind === "cpu" || measure.kind === "peak" || measure.kind === "longer";
    assertEquals(less ? aim <= atLeast : aim >= atLeast, true, JSON.stringify(measure));
  }
  assertEquals(
    machineName({ cpu: "Intel(R) Xeon(R) Processor", cores: 2 }),
    "intel_r_xeon_r_processor_2_cores",
  );
});

interface Figures {
  /** Of a million rows; the reference takes 2. */
  readonly seconds: number;
  readonly cpu: number;
  /** Of ten rows; an empty script takes 0.1. */
  readonly start: number;
}

function run(cpu: string, figures: Figures): KeptRun {
  return {
    date: "2026-01-02T03:04:05Z",
    versions: { deno: "2.9.6" },
    machine: { cpu, cores: 2, memoryBytes: 1, system: "linux" },
    rounds: 5,
    comparisons: comparisons(figures),
  };
}

function comparisons({ seconds, cpu, start }: Figures): ComparisonResult[] {
  return [
    comparison(1e6, [{ seconds, cpu }, { name: POSTGRES_REFERENCE, seconds: 2 }]),
    comparison(10, [{ seconds: start }, { name: EMPTY_SCRIPT, seconds: 0.1 }]),
  ];
}

function comparison(
  rows: number,
  all: readonly { readonly name?: string; readonly seconds?: number; readonly cpu?: number }[],
): ComparisonResult {
  const competitors = all.map(({ name = DEFAULT, seconds = 1, cpu }): MeasuredResult => ({
    name,
    side: name === DEFAULT ? "ours" : "reference",
    kind: "measured",
    medianSeconds: seconds,
    bestSeconds: seconds,
    rowsPerSecond: rows / seconds,
    ...(cpu === undefined ? {} : { clientCpuSeconds: cpu }),
    rounds: [seconds],
  }));
  return { database: "postgres", dataset: "nodes", rows, bytesPerRow: 100, competitors };
}

/**
 * Fuzzes what strangers hand to the host: `deno task fuzz [--seed N] [--modules N] [--statements N]
 * [--texts N] [--processes N] [--only LANE:N]`.
 *
 * The seed is printed: with it the same cases come again, and `--only modules:17` runs one of them here
 * and shows it. The exit status is 1 where anything was found.
 */
import { parseArgs } from "@std/cli/parse-args";
import { grammars } from "./judge.ts";
import { type Lane, LANES, openLane } from "./lane.ts";
import { runCases } from "./supervise.ts";
import type { CaseCounts } from "./case_counts.ts";

const CASES: Readonly<Record<Lane, number>> = {
  modules: 1_000_000,
  statements: 100_000,
  texts: 100_000,
};
const USAGE = "Usage: run.ts [--seed N] [--modules N] [--statements N] [--texts N] " +
  "[--processes N] [--only modules|statements|texts:N]";

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: readonly string[]): Promise<number> {
  const options = parseArgs([...args], {
    string: ["seed", "only", "processes", ...LANES],
    unknown: (argument: string) => {
      throw new Error(`Unknown argument: ${argument}\n${USAGE}`);
    },
  });
  const number = (name: "seed" | "processes" | Lane, otherwise: number) => {
    const value = Number(options[name] ?? otherwise);
    if (!Number.isInteger(value) || value < 0) throw new Error(`Not a number: --${name}\n${USAGE}`);
    return value;
  };
  const seed = number("seed", crypto.getRandomValues(new Uint32Array(1))[0]!);
  console.log(`seed ${seed}`);
  if (options.only !== undefined) return await showCase(options.only, seed);
  const processes = Math.max(1, number("processes", navigator.hardwareConcurrency));
  let findings = 0;
  for (const lane of LANES) {
    const cases = number(lane, CASES[lane]);
    if (cases > 0) findings += await runLane(lane, { seed, cases, processes });
  }
  console.log(`seed ${seed}: ${findings} findings`);
  return findings > 0 ? 1 : 0;
}

async function runLane(
  lane: Lane,
  { seed, cases, processes }: {
    readonly seed: number;
    readonly cases: number;
    readonly processes: number;
  },
): Promise<number> {
  const began = performance.now();
  let shown = 0;
  const progress = (sum: CaseCounts) => {
    const seconds = (performance.now() - began) / 1000;
    console.log(`${lane}: ${sum.cases} of ${cases}, ${Math.round(sum.cases / seconds)} a second`);
    for (const { index, says } of sum.findings.slice(shown)) {
      console.error(`FOUND --seed ${seed} --only ${lane}:${index}: ${says}`);
    }
    shown = sum.findings.length;
  };
  const sum = await runCases({ lane, seed, from: 0, to: cases }, { processes, progress });
  for (const [outcome, count] of Object.entries(sum.outcomes).sort(([, a], [, b]) => b - a)) {
    console.log(`  ${(100 * count / sum.cases).toFixed(1).padStart(5)} %  ${outcome}`);
  }
  const { ms, index } = sum.slowest;
  console.log(
    `  slowest ${ms.toFixed(0)} ms in ${lane}:${index}, ${(sum.rssMax / 2 ** 20).toFixed(0)} MiB`,
  );
  return sum.findings.length;
}

async function showCase(only: string, seed: number): Promise<number> {
  const [name, number] = only.split(":");
  const lane = LANES.find((known) => known === name);
  const index = Number(number);
  if (!lane || !Number.isInteger(index)) throw new Error(`Not a case: --only ${only}\n${USAGE}`);
  const { outcome, findings, slowestMs, shown } =
    await (await openLane(lane, { seed, judge: await grammars() }))(index);
  console.log(shown());
  console.log(`${outcome}, ${slowestMs.toFixed(1)} ms`);
  for (const says of findings) console.error(`FOUND ${says}`);
  return findings.length > 0 ? 1 : 0;
}

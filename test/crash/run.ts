/**
 * Kills, cuts and starves loads, and looks whether anything is lost or doubled:
 * `deno run -A test/crash/run.ts [--seed N] [--database FAMILY] [--points N] [--only WORDS]`.
 *
 * The seed is printed: with it the same rows, points and delays come again. `--points` bounds the
 * points of each case; by default every call of a driver is one. `--only` leaves out the scenarios
 * whose names do not hold these words. The exit status is 1 where anything went wrong.
 */
import { parseArgs } from "@std/cli/parse-args";
import type { CrashFamily, CrashServer } from "../families/crash_family.ts";
import { ALL_FAMILIES } from "../families/families.ts";
import type { TestFamily } from "../families/family.ts";
import { CHANGED_CASES, changeSource } from "./changed_source.ts";
import { fillDisk, limitFiles } from "./disk_full.ts";
import { DRIFT_CASES, loadTwiceDrifting } from "./drifting_loaders.ts";
import { faultEveryCall, firstBatchFails } from "./fault_every_call.ts";
import { holdLocks } from "./held_lock.ts";
import { killAnyMoment, LARGE_CASES } from "./kill_any_moment.ts";
import { killEveryCall } from "./kill_every_call.ts";
import { casesFor, SMALL_CASES } from "./load_case.ts";
import { loseCommits, LOST_COMMIT_CASES } from "./lost_commits.ts";
import { ExchangedPrograms } from "./exchange.ts";
import { crashOf, withTrial } from "./open_trial.ts";
import { Random } from "./random.ts";
import { acceptLater } from "./rejects_accepted.ts";
import { moveRejects } from "./rejects_moved.ts";
import { MOVED_CASES, moveTable } from "./moving_table.ts";
import { refuseSecond } from "./second_refused.ts";
import { RESTART_CASES, restartServer } from "./server_restart.ts";
import { countKilled, TELEMETRY_CASES } from "./telemetry_sums.ts";
import { type Trial, TrialCounters } from "./trial.ts";
import { loadTwice, TWICE_CASES } from "./two_loaders.ts";

/** Loads of each large case, three kills each. */
const LARGE_LOADS = 6;

/** First batches that fail. */
const FIRST_BATCHES = 12;

const REPLIES_LOST = 100;

/** Of each load. */
const TELEMETRY_KILLS = 8;

/** Loads of each case whose source is changed, in each way. */
const CHANGED_LOADS = 5;

const LOCK_HELD_MS = 2_000;

/** Those in which another program is at the database meanwhile. */
const IN_COMPANY: readonly (readonly [string, (trial: Trial) => Promise<void>])[] = [
  ["locks held", (trial) => holdLocks(trial, LOCK_HELD_MS)],
  ["two loaders", (trial) => loadTwice(trial, TWICE_CASES)],
  ["two loaders, and a file arrives", (trial) => loadTwiceDrifting(trial, DRIFT_CASES)],
  ["a table moves", (trial) => moveTable(trial, MOVED_CASES)],
  ["rejects accepted later", (trial) => acceptLater(trial)],
];

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: readonly string[]): Promise<number> {
  let unknown = false;
  const options = parseArgs([...args], {
    string: ["seed", "database", "points", "only"],
    unknown: () => !(unknown = true),
  });
  const seed = Number(options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  const pointsMax = Number(options.points ?? Infinity);
  const families = ALL_FAMILIES.filter(({ name }) => [undefined, name].includes(options.database));
  if (unknown || !Number.isInteger(seed) || !(pointsMax > 0) || families.length === 0) {
    console.error(
      "Usage: run.ts [--seed N] [--database FAMILY] [--points N] [--only WORDS]",
    );
    return 2;
  }
  console.log(`seed ${seed}`);
  let failures = 0;
  await using programs = new ExchangedPrograms();
  for (const family of families) {
    const missing = "untried" in family.crash ? family.crash.untried : await family.missing?.();
    if (missing !== undefined) {
      console.log(`SKIPPED ${family.name}: ${missing}`);
      continue;
    }
    const counters = new TrialCounters();
    const began = performance.now();
    await runFamily({ family, seed, pointsMax, programs, counters }, options.only ?? "");
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(`${family.name}: ${summary(counters)}; ${seconds} s`);
    for (const reason of counters.skipped) console.log(`SKIPPED ${reason}`);
    failures += counters.failures.length;
  }
  console.log(`seed ${seed}: ${failures} failures`);
  return failures > 0 ? 1 : 0;
}

async function runFamily(options: {
  readonly family: TestFamily;
  readonly seed: number;
  readonly pointsMax: number;
  readonly programs: ExchangedPrograms;
  readonly counters: TrialCounters;
}, only: string): Promise<void> {
  const crash = await crashOf(options.family);
  await using server = await crash.openServer?.();
  const serverUrl = server ? { serverUrl: server.url } : {};
  await withTrial({ ...options, ...serverUrl }, async (trial) => {
    for (const [i, [name, scenario]] of scenarios(crash, server).entries()) {
      if (!name.includes(only)) continue;
      const began = performance.now();
      // A sequence of its own each, so that one that is run alone draws the same.
      await scenario({ ...trial, random: new Random(options.seed + i) });
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(
        `${options.family.name}, ${name}: ${seconds} s; so far ${summary(trial.counters)}`,
      );
    }
  });
}

function scenarios(
  crash: CrashFamily,
  server: CrashServer | undefined,
): readonly (readonly [string, (trial: Trial) => Promise<void>])[] {
  return [
    ["killed at every call", (trial) => killEveryCall(trial, casesFor(trial, SMALL_CASES))],
    ["killed at any moment", (trial) => {
      const loads = Math.min(LARGE_LOADS, trial.pointsMax);
      return killAnyMoment(trial, { cases: casesFor(trial, LARGE_CASES), loads });
    }],
    [
      "a fault at every call",
      (trial) => faultEveryCall(trial, casesFor(trial, SMALL_CASES)),
    ],
    ["the first batch fails", (trial) => {
      return firstBatchFails(trial, Math.min(FIRST_BATCHES, trial.pointsMax));
    }],
    ...(crash.alone === undefined ? IN_COMPANY : [["a second program", refuseSecond] as const]),
    ["file limited", limitFiles],
    ["telemetry", (trial) => {
      const cases = casesFor(trial, TELEMETRY_CASES);
      return countKilled(trial, { cases, kills: Math.min(TELEMETRY_KILLS, trial.pointsMax) });
    }],
    ["disk full", fillDisk],
    ["source changed", (trial) => {
      const loads = Math.min(CHANGED_LOADS, trial.pointsMax);
      return changeSource(trial, { cases: casesFor(trial, CHANGED_CASES), loads });
    }],
    ["rejects moved", (trial) => moveRejects(trial)],
    ...(crash.commits
      ? [
        ["COMMITs lost", (trial: Trial) => {
          const replies = Math.min(REPLIES_LOST, trial.pointsMax);
          return loseCommits(trial, { cases: LOST_COMMIT_CASES, replies });
        }] as const,
      ]
      : []),
    ...(server
      ? [
        [
          "server crashed",
          (trial: Trial) => restartServer(trial, { cases: RESTART_CASES, server }),
        ] as const,
      ]
      : []),
  ];
}

function summary(counters: TrialCounters): string {
  const { kills, faults, recovered, met, tablesMoved, repliesLost, commitsLost, failures } =
    counters;
  const { acceptedLater } = counters;
  return [
    `${kills} kills`,
    `${faults} faults (${recovered} got over in the same run)`,
    ...(met > 0 ? [`${met} pairs of programs met`] : []),
    ...(tablesMoved > 0 ? [`${tablesMoved} moved tables told`] : []),
    ...(acceptedLater > 0 ? [`${acceptedLater} rejects accepted later`] : []),
    ...(repliesLost > 0 ? [`${repliesLost} replies to COMMIT lost`] : []),
    ...(commitsLost > 0 ? [`${commitsLost} COMMITs lost`] : []),
    `${failures.length} failures`,
  ].join(", ");
}

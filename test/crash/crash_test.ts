/** The short form of `deno task test:crash`: every scenario, at a few points that a seed chooses. */
import { assertEquals } from "@std/assert";
import { FAMILIES } from "../families/families.ts";
import type { TestFamily } from "../families/family.ts";
import { testWhere } from "../support/test_where.ts";
import { CHANGED_CASES, changeSource } from "./changed_source.ts";
import { fillDisk, limitFiles, missingDisk } from "./disk_full.ts";
import { DRIFT_CASES, loadTwiceDrifting } from "./drifting_loaders.ts";
import { ExchangedPrograms } from "./exchange.ts";
import { faultEveryCall, firstBatchFails } from "./fault_every_call.ts";
import { holdLocks } from "./held_lock.ts";
import { killAnyMoment, LARGE_CASES } from "./kill_any_moment.ts";
import { killEveryCall } from "./kill_every_call.ts";
import { casesFor, type LoadCase, SMALL_CASES } from "./load_case.ts";
import { loseCommits, LOST_COMMIT_CASES } from "./lost_commits.ts";
import { withTrial } from "./open_trial.ts";
import { ACCEPTED_CASES, acceptLater } from "./rejects_accepted.ts";
import { moveRejects } from "./rejects_moved.ts";
import { MOVED_CASES, moveTable } from "./moving_table.ts";
import { RESTART_CASES, restartServer } from "./server_restart.ts";
import { countKilled, countLostCommits, TELEMETRY_CASES } from "./telemetry_sums.ts";
import { type Trial, TrialCounters } from "./trial.ts";
import { loadTwice, TWICE_CASES } from "./two_loaders.ts";

/** Points of each case. */
const POINTS = 1;

/** One for all scenarios, so that the calls of a load are counted once. */
const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;

/**
 * Every third case: what a family leaves out, the next ones and the other scenario try, since what they
 * load by is the same.
 */
function someCases(trial: Trial, from: number): readonly LoadCase[] {
  const family = FAMILIES.findIndex(({ name }) => name === trial.family);
  return casesFor(trial, SMALL_CASES.slice(1)).filter((_, i) => (i + family + from) % 3 === 0);
}

const SCENARIOS: readonly (readonly [string, (trial: Trial) => Promise<void>])[] = [
  [
    "a program killed at any call loses nothing",
    (trial) => killEveryCall(trial, someCases(trial, 0)),
  ],
  [
    "a program killed at any moment loses nothing",
    (trial) => killAnyMoment(trial, { cases: LARGE_CASES.slice(0, 1), loads: 1 }),
  ],
  [
    "a call that fails is got over, or told",
    (trial) => faultEveryCall(trial, someCases(trial, 1)),
  ],
  [
    "what telemetry counts is what the ledger has, killed or not",
    async (trial) => {
      const cases = casesFor(trial, TELEMETRY_CASES);
      await countKilled(trial, { cases: cases.slice(-1), kills: 2 });
      assertEquals(trial.counters.kills > 0, true, "programs were killed");
    },
  ],
  ["a batch that fails is not overtaken", (trial) => firstBatchFails(trial, 4)],
  ["a file of rejects that is moved stops the load", (trial) => moveRejects(trial, 1)],
  [
    "a source that is changed while it is read is refused, or whole",
    (trial) => {
      const cases = CHANGED_CASES.slice(0, 1).map((load) => ({
        ...load,
        rows: 20_000,
        batchRows: 500,
      }));
      return changeSource(trial, { cases, loads: 1 });
    },
  ],
];

/**
 * Those in which another program is at the database meanwhile. Where there can be none, the long form
 * tries that it is refused, which takes half a minute of waiting.
 */
const IN_COMPANY: typeof SCENARIOS = [
  ["a lock is waited for", (trial) => holdLocks(trial, 600)],
  ["two programs load the source once", (trial) => {
    const cases = TWICE_CASES.slice(1, 2).map((load) => ({
      ...load,
      rows: 16_000,
      batchRows: 200,
    }));
    return loadTwice(trial, cases);
  }],
  [
    "a reject that is accepted later is in the table or in one file",
    async (trial) => {
      await acceptLater(trial, { cases: ACCEPTED_CASES.slice(0, 1), moments: ["before"] });
      assertEquals(trial.counters.acceptedLater > 0, true, "rejects were accepted later");
    },
  ],
  [
    "two programs load a glob once, though a file arrives in between",
    (trial) => loadTwiceDrifting(trial, DRIFT_CASES.slice(0, 1)),
  ],
  [
    "a table that moves under a load is told, or its rows are all there",
    (trial) => moveTable(trial, MOVED_CASES.slice(0, 1)),
  ],
];

const noDisk = await missingDisk();

const programs = new ExchangedPrograms();
Deno.test.afterAll(() => programs[Symbol.asyncDispose]());

for (const family of FAMILIES) {
  if ("untried" in family.crash) {
    testWhere(family.crash.untried, `crash, ${family.name}`, () => {});
    continue;
  }
  const crash = await family.crash();
  for (const [name, scenario] of [...SCENARIOS, ...crash.alone ? [] : IN_COMPANY]) {
    Deno.test(`crash, ${family.name}: ${name}`, () => tried(family, scenario));
  }

  if (crash.writesFiles) {
    Deno.test(`crash, ${family.name}: a file that may not grow stops the load and rejects nothing`, () =>
      tried(family, limitFiles));
  }

  testWhere(
    "untried" in crash.placeIn ? crash.placeIn.untried : noDisk,
    `crash, ${family.name}: a full disk stops the load and rejects nothing`,
    () => tried(family, fillDisk),
  );

  if (crash.commits) {
    Deno.test(`crash, ${family.name}: a COMMIT whose answer is lost is neither lost nor repeated`, () =>
      tried(family, async (trial) => {
        const some = LOST_COMMIT_CASES.filter(({ mixed }, i) => i < 2 || mixed);
        const cases = some.map((load) => ({ ...load, rows: 160 }));
        await loseCommits(trial, { cases, replies: 4 });
        assertEquals(trial.counters.repliesLost >= 4, true, "replies were lost");
      }));
  }

  if (crash.commits) {
    Deno.test(`crash, ${family.name}: rows whose COMMIT was not answered are counted once`, () =>
      tried(family, async (trial) => {
        await countLostCommits(trial, { ...LOST_COMMIT_CASES[0]!, rows: 400 });
        assertEquals(trial.counters.repliesLost >= 2, true, "replies were lost");
      }));
  }

  if (crash.openServer) {
    Deno.test(`crash, ${family.name}: a server that comes back finds the load waiting`, async () => {
      await using server = await crash.openServer!();
      const cases = RESTART_CASES.slice(1, 2);
      await tried(family, (trial) => restartServer(trial, { cases, server }), server.url);
    });
  }
}

async function tried(
  family: TestFamily,
  scenario: (trial: Trial) => Promise<void>,
  serverUrl?: string,
): Promise<void> {
  const counters = new TrialCounters();
  const server = serverUrl === undefined ? {} : { serverUrl };
  await withTrial({ family, seed, pointsMax: POINTS, programs, counters, ...server }, scenario);
  assertEquals(counters.skipped, []);
  assertEquals(counters.failures, [], `with seed ${seed}`);
}

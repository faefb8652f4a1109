/** Opens a family for trial, with everything built that the program needs. */
import { loadDriver } from "../../host/drivers/load_driver.ts";
import type { CrashFamily } from "../families/crash_family.ts";
import type { TestFamily } from "../families/family.ts";
import { builtProgram } from "../support/built.ts";
import type { ExchangedPrograms } from "./exchange.ts";
import { Random } from "./random.ts";
import { type Trial, TrialCounters } from "./trial.ts";

/** What to try, and with which numbers. */
export interface TrialOptions {
  readonly family: TestFamily;
  readonly seed: number;
  /** Points of each case, at the most. */
  readonly pointsMax: number;
  readonly programs: ExchangedPrograms;
  /** Another server than the one that the tests share. */
  readonly serverUrl?: string;
  /** Counts of its own by default. */
  readonly counters?: TrialCounters;
}

/** What the trials know of a family. @throws {Error} where they do not try it */
export async function crashOf({ name, crash }: TestFamily): Promise<CrashFamily> {
  if ("untried" in crash) throw new Error(`${name} is not tried: ${crash.untried}`);
  return await crash();
}

/** Opens a family, hands it over, and removes what was made. */
export async function withTrial(
  { family, seed, pointsMax, programs, serverUrl, counters = new TrialCounters() }: TrialOptions,
  work: (trial: Trial) => Promise<void>,
): Promise<void> {
  await builtProgram();
  const folder = await Deno.makeTempDir({ prefix: "snakepipe_crash_" });
  try {
    const crash = await crashOf(family);
    await using places = await crash.openPlaces({
      folder,
      ...(serverUrl === undefined ? {} : { serverUrl }),
    });
    const exchanged = await programs.of(family.name);
    const random = new Random(seed);
    const { name, quirks, sql } = family;
    await work({
      ...{ places, family: name, crash, sql, folder, seed, random, pointsMax, exchanged, counters },
      oneWriter: quirks.oneWriter !== undefined,
      indexesWait: quirks.ddlCommits === undefined,
      writesRanges: (await loadDriver(name)).ranges !== undefined,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Opens a family for trial, with everything built that the program needs. */
import { buildCodec } from "../../host/codec/build.ts";
import { buildPlugins } from "../../plugins/build.ts";
import { writeImportMap } from "./exchange.ts";
import { type Family, libsqlPlaces, postgresPlaces } from "./place.ts";
import { Random } from "./random.ts";
import { Tally, type Trial } from "./trial.ts";

/** What to try, and with which numbers. */
export interface TrialOptions {
  readonly family: Family;
  readonly seed: number;
  /** Points of each case, at the most. */
  readonly pointsMax: number;
  /** URL of a superuser; wanted for Postgres. */
  readonly serverUrl?: string;
  /** Counts of its own by default. */
  readonly tally?: Tally;
}

/** Opens a family, hands it over, and removes what was made. */
export async function withTrial(
  { family, seed, pointsMax, serverUrl, tally = new Tally() }: TrialOptions,
  work: (trial: Trial) => Promise<void>,
): Promise<void> {
  await buildPlugins();
  await buildCodec();
  const folder = await Deno.makeTempDir({ prefix: "snakepipe_crash_" });
  try {
    await using places = family === "postgres"
      ? await postgresPlaces(serverUrl!, folder)
      : libsqlPlaces(folder);
    const importMap = await writeImportMap(folder, family);
    const random = new Random(seed);
    await work({ places, family, folder, seed, random, pointsMax, importMap, tally });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

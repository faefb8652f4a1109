/** Which matches are played, and in how many rounds. */
import { cpuMatches } from "./client_cpu.ts";
import type { Contestant } from "./contestant.ts";
import { FULL_SIZES, type Match, matches, without } from "./match.ts";
import type { BenchOptions } from "./options.ts";
import { knownSettings } from "./snakepipe.ts";

/** See the head of this file. */
export interface PlannedMatch {
  readonly match: Match;
  /** Timed runs behind the one whose rows are checked; with none, that is the one that is timed. */
  readonly rounds: number;
}

/** Rows on which a short run sees whether everything works. */
const SHORT_ROWS = 2_000;
/** Rounds in which CPU alone is measured. */
const CPU_ROUNDS = 3;

/** The matches that were asked for, those of one database side by side. */
export async function program(options: BenchOptions): Promise<PlannedMatch[]> {
  const all = options.run === "cpu" ? cpuMatches() : await everyMatch(options);
  const rounds = options.run === "short" ? 0 : options.run === "cpu" ? CPU_ROUNDS : options.rounds;
  const playing = all
    .map((match) => without(match, (contestant) => takesPart(contestant, options)))
    .filter((match) => match !== undefined);
  return options.into.flatMap((database) =>
    playing.filter((match) => match.database === database).map((match) => ({ match, rounds }))
  );
}

async function everyMatch({ run, rows: given }: BenchOptions): Promise<Match[]> {
  const rows = given ?? (run === "short" ? [SHORT_ROWS] : undefined);
  const settings = await knownSettings();
  return matches(FULL_SIZES, { settings, ...(rows === undefined ? {} : { rows }) });
}

function takesPart(
  { name, side, slow, variant }: Contestant,
  { run, only }: BenchOptions,
): boolean {
  if (run === "short" && (side === "others" || variant)) return false;
  if (run === "fast" && slow) return false;
  return only.length === 0 || only.some((part) => name.toLowerCase().includes(part));
}

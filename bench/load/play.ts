/** Plays a match: everybody's rows are checked first, then everybody is timed in turn. */
import type { Assignment, Contestant } from "./contestant.ts";
import type { DatasetFiles } from "./dataset_files.ts";
import type { Match } from "./match.ts";
import { type ProcessFigures, runProcess } from "./process.ts";
import { type ContestantResult, type MatchResult, resultOf, type RoundFigures } from "./result.ts";
import type { LoadTarget } from "./target.ts";
import type { Tools } from "./tools.ts";

/** Longer than anybody takes; who does has hung. */
const RUN_TIMEOUT_MS = 600_000;

/** What a match is played with. */
export interface PlayOptions {
  readonly files: DatasetFiles;
  readonly target: LoadTarget;
  readonly tools: Tools;
  readonly rounds: number;
  /** Told of what is under way. */
  readonly say: (what: string) => void;
}

/**
 * Plays a match.
 *
 * @throws {Error} that names the contestant whose table differs from the others', or that fails
 */
export async function play(match: Match, options: PlayOptions): Promise<MatchResult> {
  const present = match.contestants.filter((c) => absenceOf(c, options.tools) === undefined);
  await checkAll(present, options);
  const rounds = new Map<Contestant, RoundFigures[]>(present.map((c) => [c, []]));
  for (let round = 0; round < options.rounds; round++) {
    options.say(`round ${round + 1} of ${options.rounds}`);
    // There and back, so that nobody always comes behind the same one.
    for (const contestant of round % 2 === 0 ? present : present.toReversed()) {
      rounds.get(contestant)!.push(await timed(contestant, options));
    }
  }
  const reference = present.find((c) => c.side === "reference");
  const results = match.contestants.map((contestant): ContestantResult => {
    const { name, side } = contestant;
    const reason = absenceOf(contestant, options.tools);
    return reason === undefined
      ? resultOf({ name, side }, rounds.get(contestant)!, {
        rows: match.rows,
        reference: reference && rounds.get(reference),
      })
      : { name, side, kind: "absent", reason };
  });
  const { database, dataset, rows } = match;
  const bytesPerRow = Math.round(options.files.bytes / rows);
  return { database, dataset, rows, bytesPerRow, contestants: results };
}

function absenceOf(contestant: Contestant, tools: Tools): string | undefined {
  if (contestant.absence !== undefined) return contestant.absence;
  for (const name of contestant.needs ?? []) {
    const tool = tools[name];
    if (tool.kind === "absent") return tool.reason;
  }
  return undefined;
}

/** Once untimed each, which also warms caches; the first one's table is what all must have. */
async function checkAll(present: readonly Contestant[], options: PlayOptions): Promise<void> {
  const { files: { dataset }, target, say } = options;
  const expected: { kept?: Checked; emptied?: Checked } = {};
  for (const contestant of present) {
    say(`checking ${contestant.name}`);
    const { figures } = await run(contestant, options);
    contestant.ownFigures?.(figures.stdout);
    const nulls = contestant.nulls ?? "kept";
    for (const form of nulls === "kept" ? ["kept", "emptied"] as const : [nulls]) {
      const found = { name: contestant.name, sum: await target.checksum(dataset, form) };
      expected[form] ??= found;
      if (found.sum === expected[form].sum) continue;
      throw new Error(
        `${found.name} has other rows than ${expected[form].name}: ${found.sum}, not ` +
          expected[form].sum,
      );
    }
  }
}

interface Checked {
  readonly name: string;
  readonly sum: string;
}

async function timed(contestant: Contestant, options: PlayOptions): Promise<RoundFigures> {
  const { files: { dataset, rows }, target } = options;
  const { figures, serverCpuSeconds } = await run(contestant, options);
  const count = await target.count(dataset);
  if (count !== rows) throw new Error(`${contestant.name} loaded ${count} rows of ${rows}`);
  const own = contestant.ownFigures?.(figures.stdout);
  if (own?.rows !== undefined && own.rows !== rows) {
    throw new Error(`${contestant.name} says that it loaded ${own.rows} rows of ${rows}`);
  }
  const { seconds, cpuSeconds, faults, peakBytes } = figures;
  return {
    seconds,
    ...(own?.seconds === undefined ? {} : { ownSeconds: own.seconds }),
    ...(cpuSeconds === undefined ? {} : { clientCpuSeconds: cpuSeconds }),
    ...(serverCpuSeconds === undefined ? {} : { serverCpuSeconds }),
    ...(cpuSeconds === undefined ? {} : { totalCpuSeconds: cpuSeconds + (serverCpuSeconds ?? 0) }),
    ...(faults === undefined ? {} : { clientFaults: faults }),
    ...(peakBytes === undefined ? {} : { peakBytes }),
  };
}

async function run(
  contestant: Contestant,
  { files, target }: PlayOptions,
): Promise<{ figures: ProcessFigures; serverCpuSeconds: number | undefined }> {
  await target.fresh(files.dataset);
  const assignment: Assignment = { files, place: target.place };
  const order = await contestant.command(assignment);
  const before = target.cpuSeconds();
  try {
    const figures = await runProcess(order, { timeoutMs: RUN_TIMEOUT_MS });
    const after = target.cpuSeconds();
    const known = before !== undefined && after !== undefined;
    return { figures, serverCpuSeconds: known ? after - before : undefined };
  } catch (error) {
    throw new Error(`${contestant.name}: ${error instanceof Error ? error.message : error}`);
  }
}

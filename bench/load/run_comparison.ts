/** Runs a comparison: everybody's rows are checked first, then everybody is timed in turn. */
import type { Assignment, Competitor } from "./competitor.ts";
import { usedBetween } from "./cpu_time.ts";
import type { DatasetFiles } from "./dataset_files.ts";
import type { Comparison } from "./comparison.ts";
import { runProcess } from "./process.ts";
import {
  type ComparisonResult,
  type CompetitorResult,
  resultOf,
  type RoundFigures,
} from "./result.ts";
import { DEFAULT } from "./snakepipe.ts";
import type { LoadTarget } from "./target.ts";
import type { Tools } from "./tools.ts";

/** Longer than anybody takes; who does has hung. */
const RUN_TIMEOUT_MS = 600_000;

/** What a comparison is run with. */
export interface RunOptions {
  readonly files: DatasetFiles;
  readonly target: LoadTarget;
  readonly tools: Tools;
  /** Timed runs behind the one whose rows are checked; with none, that is the one that is timed. */
  readonly rounds: number;
  /** Told of what is under way. */
  readonly say: (what: string) => void;
}

/**
 * Runs a comparison.
 *
 * @throws {Error} that names the competitor whose table differs from the others', or that fails
 */
export async function runComparison(
  comparison: Comparison,
  options: RunOptions,
): Promise<ComparisonResult> {
  const present = comparison.competitors.filter((c) => absenceOf(c, options.tools) === undefined);
  const rounds = await new Turns(options).run(present);
  const reference = present.find((c) => c.side === "reference");
  const results = comparison.competitors.map((competitor): CompetitorResult => {
    const { name, side } = competitor;
    const reason = absenceOf(competitor, options.tools);
    return reason === undefined
      ? resultOf({ name, side }, rounds.get(competitor)!, {
        rows: comparison.rows,
        reference: reference && rounds.get(reference),
      })
      : { name, side, kind: "absent", reason };
  });
  const { database, dataset, rows } = comparison;
  const bytesPerRow = Math.round(options.files.bytes / rows);
  return { database, dataset, rows, bytesPerRow, competitors: results };
}

function absenceOf(competitor: Competitor, tools: Tools): string | undefined {
  if (competitor.absence !== undefined) return competitor.absence;
  for (const name of competitor.needs ?? []) {
    const tool = tools[name];
    if (tool?.kind !== "present") return tool?.reason ?? `${name}: was not looked for`;
  }
  return undefined;
}

interface Checked {
  readonly name: string;
  readonly sum: string;
}

class Turns {
  readonly #options: RunOptions;
  readonly #expected: { kept?: Checked; emptied?: Checked } = {};
  /** In how many transactions snakepipe has loaded the rows. */
  #transactions: number | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  async run(present: readonly Competitor[]): Promise<ReadonlyMap<Competitor, RoundFigures[]>> {
    const { rounds, say } = this.#options;
    const figures = new Map<Competitor, RoundFigures[]>();
    // Once each, which also warms caches.
    for (const competitor of present) {
      say(`checking ${competitor.name}`);
      const first = await this.#run(competitor);
      await this.#checkRows(competitor);
      figures.set(competitor, rounds === 0 ? [first] : []);
    }
    for (let round = 0; round < rounds; round++) {
      say(`round ${round + 1} of ${rounds}`);
      // There and back, so that nobody always comes behind the same one.
      for (const competitor of round % 2 === 0 ? present : present.toReversed()) {
        figures.get(competitor)!.push(await this.#run(competitor));
      }
    }
    return figures;
  }

  /** The first one's table is what all must have. */
  async #checkRows({ name, nulls = "kept", idle }: Competitor): Promise<void> {
    if (idle) return;
    const { target, files } = this.#options;
    for (const form of nulls === "kept" ? ["kept", "emptied"] as const : [nulls]) {
      const found = { name, sum: await target.checksum(files.dataset, form) };
      const expected = this.#expected[form] ??= found;
      if (found.sum === expected.sum) continue;
      throw new Error(
        `${name} has other rows than ${expected.name}: ${found.sum}, not ${expected.sum}`,
      );
    }
  }

  async #run(competitor: Competitor): Promise<RoundFigures> {
    const { files, target } = this.#options;
    await target.fresh(files);
    const transactions = this.#transactions;
    const assignment: Assignment = {
      files,
      place: target.place,
      ...(transactions === undefined ? {} : { transactions }),
    };
    try {
      const order = await competitor.command(assignment);
      const before = target.serverUse();
      const { seconds, use, peakBytes, stdout } = await runProcess(order, {
        timeoutMs: RUN_TIMEOUT_MS,
      });
      const server = usedBetween(before, target.serverUse());
      const own = competitor.ownFigures?.(stdout);
      if (!competitor.idle) await this.#checkCount(own?.rows);
      if (competitor.name === DEFAULT) this.#transactions ??= own?.transactions;
      return {
        seconds,
        ...(own?.seconds === undefined ? {} : { ownSeconds: own.seconds }),
        ...(server === undefined ? {} : { serverCpuSeconds: server.cpuSeconds }),
        ...(use === undefined ? {} : {
          clientCpuSeconds: use.cpuSeconds,
          clientFaults: use.faults,
          totalCpuSeconds: use.cpuSeconds + (server?.cpuSeconds ?? 0),
          totalFaults: use.faults + (server?.faults ?? 0),
        }),
        ...(peakBytes === undefined ? {} : { peakBytes }),
      };
    } catch (error) {
      throw new Error(`${competitor.name}: ${error instanceof Error ? error.message : error}`);
    }
  }

  async #checkCount(said: number | undefined): Promise<void> {
    const { files: { dataset, rows }, target } = this.#options;
    const count = await target.count(dataset);
    if (count !== rows) throw new Error(`loaded ${count} rows of ${rows}`);
    if (said !== undefined && said !== rows) throw new Error(`says ${said} rows of ${rows}`);
  }
}

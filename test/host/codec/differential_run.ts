/**
 * The volume: batches out of a seed, one after the other, until enough cells were held against the
 * reference. Each batch has a seed of its own, that of the run plus its number, so that it can be
 * made again without those before it.
 */
import { rowCount } from "../../../src/model/batch.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { randomBatch } from "./differential_batch.ts";
import { compareTasks } from "./differential_compare.ts";
import { Random } from "./differential_random.ts";
import { type CodecSource, describe, shrunk } from "./differential_shrink.ts";
import { randomTasks, type Task } from "./differential_task.ts";

/** Seeds are whole numbers below this one. */
const SEEDS = 2 ** 32;

/** How much is to be compared. */
export interface RunOptions {
  /** Of the first batch, from 0 to 2^32 - 1. */
  readonly seed: number;
  /** Cells of batches, at the least; each one is asked for in COPY text, COPY binary and as a cell. */
  readonly cellsMin: number;
  /** Differences after which the run ends; 1 by default. */
  readonly differencesMax?: number;
  /** Is told how far the run has come, after each batch. */
  readonly progress?: (counts: RunCounts) => void;
}

/** What was compared, and what was found. */
export interface RunCounts {
  batches: number;
  rows: number;
  cells: number;
  bytes: number;
  /** What differs, described. */
  differences: string[];
}

/**
 * The volume: batches out of a seed, one after the other, until enough cells were held against the
 * reference.
 */
export async function runDifferential(
  source: CodecSource,
  options: RunOptions,
): Promise<RunCounts> {
  const counts: RunCounts = { batches: 0, rows: 0, cells: 0, bytes: 0, differences: [] };
  const reference = await createReferenceCodec();
  let candidate = await source();
  while (counts.cells < options.cellsMin) {
    const seed = (options.seed + counts.batches) % SEEDS;
    const random = new Random(seed);
    const tasks = count(counts, tasksOf(random));
    const difference = compareTasks({ reference, candidate }, tasks, turnsOf(random));
    options.progress?.(counts);
    if (difference === undefined) continue;
    counts.differences.push(`seed ${seed}: ${describe(await shrunk(source, difference))}`);
    if (counts.differences.length >= (options.differencesMax ?? 1)) break;
    candidate = await source();
  }
  return counts;
}

/** All tasks of one to three batches, few of which fill more than one piece. */
export function tasksOf(random: Random): Task[] {
  const batches = random.chance(0.8) ? 1 : 3;
  return Array.from({ length: batches }, () => {
    const batch = randomBatch(random, random.chance(batches > 1 ? 0.03 : 0.005) ? 100_000 : 6000);
    return randomTasks(random, batch);
  }).flat();
}

function turnsOf(random: Random): Random | undefined {
  return random.chance(0.5) ? random : undefined;
}

function count(counts: RunCounts, tasks: Task[]): Task[] {
  counts.batches++;
  for (const batch of new Set(tasks.map((task) => task.batch))) {
    counts.rows += rowCount(batch);
    counts.cells += rowCount(batch) * batch.shape.columns.length;
    counts.bytes += batch.bytes.length;
  }
  return tasks;
}

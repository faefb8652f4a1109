/**
 * The long form of the trials of `serve`: replacements while nothing runs, a million rows under
 * replacements, and fifty kills, for every database that this machine has.
 * `deno task test:serve [--seed N] [--database FAMILY] [--replacements N]`.
 */
import { parseArgs } from "@std/cli/parse-args";
import { longTrial } from "./long_trial.ts";

const { replacements: wanted } = parseArgs(Deno.args, {
  string: ["replacements"],
  default: { replacements: "100" },
});
const replacements = Number(wanted);
await longTrial(async (kind, seed) => {
  // What looks for the servers as it is loaded.
  const { killServe, replaceIdle, replaceUnderLoad } = await import("./trials.ts");
  await kind.use(async (target) => {
    const { takenMs, cpuMs } = await replaceIdle(target, { replacements });
    const each = (cpuMs / replacements).toFixed(0);
    console.log(
      `${kind.name}, idle: replaced ${replacements} times, ${
        spread(takenMs)
      } after the last byte, ` +
        `${each} ms of CPU each`,
    );
  });
  await kind.use(async (target) => {
    const { rows, batches, gapMs, takenMs, seconds } = await replaceUnderLoad(target, {
      ...{ replacements, reloads: 20, rowsMin: 1_000_000, gapMsMax: 1_000 },
    });
    console.log(
      `${kind.name}: ${rows} rows in ${batches} batches and ${seconds.toFixed(1)} s, ` +
        `${gapMs} ms between two at the most; replaced ${replacements} times, ` +
        `${spread(takenMs)} after the last byte`,
    );
  });
  await kind.use((target) => killServe(target, { kills: 50, seed, rows: 60_000 }));
  console.log(`${kind.name}: killed 50 times, each row once`);
});

/** Median, 95th percentile and most of figures that are sorted. */
function spread(sorted: readonly number[]): string {
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return `${at(0.5)} ms (median), ${at(0.95)} ms (95 %) and ${sorted.at(-1)} ms (most)`;
}

/**
 * The long form of the trials of `serve`: replacements while nothing runs, a million rows under
 * replacements, and fifty kills, for every database that this machine has.
 * `deno task test:serve [--seed N] [--database FAMILY] [--replacements N]`.
 */
import { parseArgs } from "@std/cli/parse-args";
import { startServers } from "../../families/servers.ts";

const { seed, database, replacements: wanted } = parseArgs(Deno.args, {
  string: ["seed", "database", "replacements"],
  default: { replacements: "100" },
});
const replacements = Number(wanted);
const servers = await startServers();
try {
  for (const [name, value] of Object.entries(servers.env)) Deno.env.set(name, value);
  // They look for the servers as they are loaded.
  const { TARGET_KINDS } = await import("../../support/target.ts");
  const { killServe, replaceIdle, replaceUnderLoad } = await import("./trials.ts");
  const from = seed === undefined ? crypto.getRandomValues(new Uint32Array(1))[0]! : Number(seed);
  console.log(`seed ${from}`);
  for (const kind of TARGET_KINDS) {
    if (database !== undefined && kind.family.name !== database) continue;
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
    await kind.use((target) => killServe(target, { kills: 50, seed: from, rows: 60_000 }));
    console.log(`${kind.name}: killed 50 times, each row once`);
  }
} finally {
  await servers[Symbol.asyncDispose]();
}

/** Median, 95th percentile and most of figures that are sorted. */
function spread(sorted: readonly number[]): string {
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return `${at(0.5)} ms (median), ${at(0.95)} ms (95 %) and ${sorted.at(-1)} ms (most)`;
}

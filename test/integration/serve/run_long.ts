/**
 * The long form of the trials of `serve`: a million rows under replacements, and fifty kills, for every
 * database that this machine has. `deno task test:serve [--seed N] [--database FAMILY]`.
 */
import { parseArgs } from "@std/cli/parse-args";
import { startServers } from "../../families/servers.ts";

const { seed, database } = parseArgs(Deno.args, { string: ["seed", "database"] });
const servers = await startServers();
try {
  for (const [name, value] of Object.entries(servers.env)) Deno.env.set(name, value);
  // They look for the servers as they are loaded.
  const { TARGET_KINDS } = await import("../../support/target.ts");
  const { killServe, replaceUnderLoad } = await import("./trials.ts");
  const from = seed === undefined ? crypto.getRandomValues(new Uint32Array(1))[0]! : Number(seed);
  console.log(`seed ${from}`);
  for (const kind of TARGET_KINDS) {
    if (database !== undefined && kind.family.name !== database) continue;
    await kind.use(async (target) => {
      const figures = await replaceUnderLoad(target, {
        ...{ replacements: 100, reloads: 20, rowsMin: 1_000_000, gapMsMax: 1_000 },
      });
      const { rows, batches, gapMs, takenMs, seconds } = figures;
      const median = takenMs[takenMs.length >> 1]!;
      console.log(
        `${kind.name}: ${rows} rows in ${batches} batches and ${
          seconds.toFixed(1)
        } s, ${gapMs} ms between ` +
          `two at the most; replaced 100 times, ${median.toFixed(0)} ms (median) and ` +
          `${takenMs.at(-1)!.toFixed(0)} ms (most) after the last byte`,
      );
    });
    await kind.use((target) => killServe(target, { kills: 50, seed: from, rows: 60_000 }));
    console.log(`${kind.name}: killed 50 times, each row once`);
  }
} finally {
  await servers[Symbol.asyncDispose]();
}

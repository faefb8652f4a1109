/**
 * The long form of the trial of agreement, for every database that this machine has.
 * `deno task test:agreement [--seed N] [--database FAMILY] [--kills N]`.
 */
import { parseArgs } from "@std/cli/parse-args";
import { startServers } from "../../families/servers.ts";

const { seed, database, kills } = parseArgs(Deno.args, {
  string: ["seed", "database", "kills"],
  default: { kills: "100" },
});
const servers = await startServers();
try {
  for (const [name, value] of Object.entries(servers.env)) Deno.env.set(name, value);
  // They look for the servers as they are loaded.
  const { TARGET_KINDS } = await import("../../support/target.ts");
  const { agreeUnderKills } = await import("./agreement.ts");
  const from = seed === undefined ? crypto.getRandomValues(new Uint32Array(1))[0]! : Number(seed);
  console.log(`seed ${from}`);
  for (const kind of TARGET_KINDS) {
    if (database !== undefined && kind.family.name !== database) continue;
    await kind.use(async (target) => {
      const trial = { kills: Number(kills), seed: from, rows: 10_000 };
      const { claims, rows } = await agreeUnderKills(target, trial);
      const told = Object.entries(claims).map(([place, count]) => `${count} by ${place}`);
      console.log(
        `${kind.name}: ${kills} kills, ${rows} rows of each load; ${
          told.join(", ")
        }: none more than ` +
          "the ledger and the table, all the same at the end",
      );
    });
  }
} finally {
  await servers[Symbol.asyncDispose]();
}

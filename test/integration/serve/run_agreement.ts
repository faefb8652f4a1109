/**
 * The long form of the trial of agreement, for every database that this machine has.
 * `deno task test:agreement [--seed N] [--database FAMILY] [--kills N]`.
 */
import { parseArgs } from "@std/cli/parse-args";
import { longTrial } from "./long_trial.ts";

const { kills } = parseArgs(Deno.args, { string: ["kills"], default: { kills: "100" } });
await longTrial(async (kind, seed) => {
  // What looks for the servers as it is loaded.
  const { agreeUnderKills } = await import("./agreement.ts");
  await kind.use(async (target) => {
    const trial = { kills: Number(kills), seed, rows: 10_000 };
    const { claims, rows } = await agreeUnderKills(target, trial);
    const told = Object.entries(claims).map(([place, count]) => `${count} by ${place}`);
    console.log(
      `${kind.name}: ${kills} kills, ${rows} rows of each load; ${
        told.join(", ")
      }: none more than ` +
        "the ledger and the table, all the same at the end",
    );
  });
});

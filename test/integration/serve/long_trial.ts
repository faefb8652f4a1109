/** The long form of a trial, with servers of its own. */
import { parseArgs } from "@std/cli/parse-args";
import { startServers } from "../../families/servers.ts";
import type { TargetKind } from "../../support/target.ts";

/**
 * Tries something on every database that this machine has, or on that of `--database FAMILY`; with the seed
 * of `--seed N`, or another one each time, which is told.
 */
export async function longTrial(
  act: (kind: TargetKind, seed: number) => Promise<void>,
): Promise<void> {
  const { seed, database } = parseArgs(Deno.args, { string: ["seed", "database"] });
  const from = seed === undefined ? crypto.getRandomValues(new Uint32Array(1))[0]! : Number(seed);
  console.log(`seed ${from}`);
  await using servers = await startServers();
  for (const [name, value] of Object.entries(servers.env)) Deno.env.set(name, value);
  // They look for the servers as they are loaded.
  const { TARGET_KINDS } = await import("../../support/target.ts");
  for (const kind of TARGET_KINDS) {
    if (database === undefined || kind.family.name === database) await act(kind, from);
  }
}

/** The short form of `deno task test:agreement`. */
import { TARGET_KINDS } from "../../support/target.ts";
import { agreeUnderKills } from "./agreement.ts";

const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;

for (const kind of TARGET_KINDS) {
  Deno.test(`metrics, OTLP, status and its command never say more than the ledger, and the same at the end: ${kind.name}`, () =>
    // Of each three, one is of a load.
    kind.use(async (target) =>
      void await agreeUnderKills(target, { kills: 3, seed, rows: 3_000 })
    ));
}

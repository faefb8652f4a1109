/** What PostgreSQL's parser says of options of a table, of which plans may give one. */
import { assertEquals } from "@std/assert";
import type { AttackPlan } from "../families/plan_family.ts";
import { planOf, type StatementAttack } from "./statement_attack.ts";
import { shapeOf, verifierRefusal } from "./verifier_alone.ts";

const REFUSED = "create[0]: to PostgreSQL it is another statement than what may stand there";

/** Options, and what the parser has to say of a table that is made with them. */
const OPTIONS: readonly (readonly [options: string, why: string | undefined])[] = [
  ["fillfactor = 90", undefined],
  ["autovacuum_enabled = false", REFUSED],
  ["fillfactor = 90, autovacuum_enabled = false", REFUSED],
  ["toast.autovacuum_enabled = false", REFUSED],
  ["fillfactor = off", REFUSED],
];

Deno.test("plan verifier: PostgreSQL sees every option of a table but its fill factor", async () => {
  for (const [options, why] of OPTIONS) {
    const plan: AttackPlan = {
      create: [
        `CREATE TABLE {table} ({col:0} bigint, {col:1} text, {col:2} text) WITH (${options})`,
      ],
    };
    const attack: StatementAttack = { family: "postgres", mode: "append", plan };
    const refusal = await verifierRefusal("postgres", planOf(attack), shapeOf(attack));
    assertEquals(refusal?.slice(0, REFUSED.length), why, options);
  }
});

/** What SQLite says of plans that would change tables that refer to the target. */
import { assertEquals } from "@std/assert";
import type { WriteMode } from "../../mod.ts";
import type { AttackPlan } from "../families/plan_family.ts";
import { shapeOf, verifierRefusal } from "./verifier_alone.ts";
import { planOf, type StatementAttack } from "./statement_attack.ts";

/** What would change tables that refer to the target, and what SQLite itself has to say of it. */
const AGAINST_OTHERS: readonly (readonly [WriteMode, AttackPlan, string])[] = [
  [
    "append",
    { write: { insert: "INSERT OR REPLACE INTO {table} ({columns}) VALUES {rows}" } },
    "insert.sql: to SQLite it asks for UPDATE of _snakepipe_referrer_2 id",
  ],
  [
    "upsert",
    { write: { insert: "REPLACE INTO {table} ({columns}) VALUES {rows}" } },
    "insert.sql: to SQLite it asks for UPDATE of _snakepipe_referrer_2 id",
  ],
  [
    "replace",
    {
      finish: [
        "DELETE FROM {table} WHERE 0",
        "INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
    "insert.sql: in a rehearsal, SQLite holds other rows afterwards than were loaded",
  ],
  [
    "replace",
    {
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside} WHERE 0",
      ],
    },
    "finish[0]: in a rehearsal, SQLite changes rows of tables that refer to this one",
  ],
  // What is read through a name is asked for as what a view or a trigger reads.
  [
    "replace",
    {
      finish: [
        "DELETE FROM {table}",
        "WITH v AS (SELECT {columns} FROM {aside}) INSERT INTO {table} ({columns}) SELECT {columns} FROM v",
      ],
    },
    "finish[1]: to SQLite it asks for READ of _snakepipe_aside_e3b98a4da31a_00000000 id",
  ],
];

Deno.test("plan verifier: SQLite sees what would change tables that refer to the target", async () => {
  for (const [mode, plan, why] of AGAINST_OTHERS) {
    const attack: StatementAttack = { family: "libsql", mode, plan };
    assertEquals(await verifierRefusal("libsql", planOf(attack), shapeOf(attack)), why);
  }
});

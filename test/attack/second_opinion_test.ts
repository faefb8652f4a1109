/**
 * The databases by themselves: what PostgreSQL's parser and a rehearsal on SQLite make of the hostile
 * plans, without the forms that would have refused them before, and of honest ones.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { LoadError, type Shape, WRITE_MODES, type WriteMode } from "../../mod.ts";
import { loadDriver } from "../../host/drivers/load_driver.ts";
import type { Plan } from "../../src/abi/plan.ts";
import { askPlugin, builtPlugin } from "../support/built_plugin.ts";
import { SAMPLE_COLUMNS, sampleShape } from "../../host/check/sample_shape.ts";
import { type AttackPlan, HONEST, planOf, type StatementAttack } from "./statement_attack.ts";

const ATTACKS = fromFileUrl(new URL("./statement", import.meta.url));

/** The table of the attacks. */
function shapeOf({ mode = "append" }: Pick<StatementAttack, "mode">): Shape {
  return {
    table: { name: "t" },
    columns: [
      { name: "id", type: "int64", nullable: false, key: true },
      { name: "a", type: "text", nullable: true, key: false },
      { name: "b", type: "text", nullable: true, key: false },
    ],
    mode,
  };
}

async function opinion(family: string, plan: Plan, shape: Shape): Promise<string | undefined> {
  const grammar = await (await loadDriver(family)).grammar();
  try {
    const refusal = await grammar.refusalOf(plan, shape);
    return refusal && `${refusal.at}: ${refusal.why}`;
  } catch (error) {
    // Slots that mean nothing there.
    if (error instanceof LoadError && error.code === "plan_refused") return error.message;
    throw error;
  }
}

/** Statements that carry no slot are the business of the forms alone: few can stand there. */
const OUTSIDE: readonly string[] = ["session", "teardown", "health"];

/** What the databases do not see, and so only the forms refuse. */
const BLIND: Readonly<Record<string, readonly string[]>> = {
  "PostgreSQL's parser sees one statement, and not whether another is missing, or there twice": [
    ...["merge_twice", "staging_that_is_never_merged"],
  ],
  "which value a parameter has": [
    ...["ordinal_before_the_values", "ordinal_twice", "row_with_swapped_values_of_a_server"],
  ],
  "SQLite reads the first statement, and its drivers run no other": [
    ...["comment_to_the_end", "second_statement"],
  ],
  "it changes nothing of what is loaded": [
    ...["insert_that_returns", "row_of_blanks", "row_of_blanks_for_a_file"],
  ],
};

Deno.test("second opinion: by itself it refuses hostile plans, but for what the databases do not see", async () => {
  const through: string[] = [];
  let judged = 0;
  for (const { name } of Deno.readDirSync(ATTACKS)) {
    const { attack } = await import(`./statement/${name}`) as { attack: StatementAttack };
    if (Object.keys(attack.plan).every((phase) => OUTSIDE.includes(phase))) continue;
    judged++;
    const why = await opinion(attack.family, planOf(attack), shapeOf(attack));
    if (why === undefined) through.push(name.replace(/\.ts$/, ""));
  }
  assert(judged > 120, `${judged}`);
  assertEquals(through.sort(), Object.values(BLIND).flat().sort());
});

for (const type of ["postgresql", "libsql"]) {
  Deno.test(`second opinion: every plan of the plugin ${type} is let through`, async () => {
    const plugin = await builtPlugin(type);
    for (const mode of WRITE_MODES) {
      for (const columns of Object.values(SAMPLE_COLUMNS)) {
        if (mode === "upsert" && !columns.some(({ key }) => key)) continue;
        const shape = sampleShape(columns, mode);
        // Whoever plans asks for it.
        const { plan } = await askPlugin(plugin, (planner) => planner.plan(shape));
        assertEquals(await opinion(plugin.manifest.driver, plan, shape), undefined);
      }
    }
  });
}
for (const family of ["postgres", "libsql"] as const) {
  for (const mode of WRITE_MODES) {
    Deno.test(`second opinion: ${family}: an honest plan for ${mode} is let through`, async () => {
      const honest = { family, mode, plan: HONEST[family]![mode], says: "" };
      assertEquals(await opinion(family, planOf(honest), shapeOf(honest)), undefined);
    });
  }
}

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
];

Deno.test("second opinion: SQLite sees what would change tables that refer to the target", async () => {
  for (const [mode, plan, why] of AGAINST_OTHERS) {
    const attack: StatementAttack = { family: "libsql", mode, plan, says: "" };
    assertEquals(await opinion("libsql", planOf(attack), shapeOf(attack)), why);
  }
});

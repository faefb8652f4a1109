/**
 * Real loads by plans that follow recipes which no plugin of this repository follows: what is in the table
 * afterwards is what a load in that mode leaves there.
 */
import { assertEquals } from "@std/assert";
import { createHost, rows, type WriteMode } from "../../mod.ts";
import { planningPlugin } from "../attack/statement_attack.ts";
import type { AttackPlan } from "../families/plan_family.ts";
import { builtLibrary } from "../support/built.ts";
import { type Target, TARGET_KINDS } from "../support/target.ts";

/** A plan that follows a recipe. What it leaves out is as in the family's own. */
interface RecipeCase {
  readonly name: string;
  readonly mode: WriteMode;
  readonly plan: AttackPlan;
  /** A table that is there; by default, the plan makes one. */
  readonly table?: string;
  /** A query that says what else the plan has done, and what it says then. */
  readonly also?: readonly [query: string, said: string];
}

const LIKE = "LIKE {table} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY";
const ROWS_TO_STAGING = {
  insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
  row: "({values}, {ordinal})",
};
const MOVE = "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging}";
const SET = "DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}";
const LAST =
  `INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT DISTINCT ON ({keys}) ` +
  `{columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) ${SET}`;
const MOVED = "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}";
/** Columns that the load does not have are filled, and may not be null. */
const FILLED = "CREATE TABLE t (id bigint PRIMARY KEY, a text, b text, " +
  "noted text NOT NULL DEFAULT 'by default', n bigint NOT NULL GENERATED ALWAYS AS IDENTITY, " +
  "twice bigint NOT NULL GENERATED ALWAYS AS (id * 2) STORED)";
const FILLED_ALSO = [
  "SELECT concat_ws(' ', min(noted), max(noted), bool_and(twice = 2 * id), count(DISTINCT n)) AS said FROM t",
  "by default by default t 3",
] as const;

const CASES: Readonly<Record<string, readonly RecipeCase[]>> = {
  postgres: [
    ...(["append", "upsert", "replace"] as const).map((mode): RecipeCase => ({
      name: "statistics at the end",
      mode,
      plan: {
        finish: [
          ...(mode === "replace" ? ["TRUNCATE TABLE {table}", MOVED] : []),
          "ANALYZE {table}",
        ],
      },
      also: ["SELECT reltuples::text AS said FROM pg_class WHERE oid = 't'::regclass", "3"],
    })),
    {
      name: "staging like the table",
      mode: "append",
      table: FILLED,
      plan: {
        stage: [`CREATE TEMP TABLE {staging} (${LIKE}, {ordinal} bigint) ON COMMIT DELETE ROWS`],
        write: ROWS_TO_STAGING,
        merge: [`${MOVE} ORDER BY {ordinal}`],
      },
      also: FILLED_ALSO,
    },
    {
      name: "staging like the table",
      mode: "upsert",
      table: FILLED,
      plan: {
        stage: [`CREATE TEMP TABLE {staging} (${LIKE}, {ordinal} bigint) ON COMMIT DELETE ROWS`],
        write: ROWS_TO_STAGING,
        merge: [LAST],
      },
      also: FILLED_ALSO,
    },
    ...["", "UNLOGGED "].map((kind): RecipeCase => ({
      name: `a table like it beside the target ${kind}`.trim(),
      mode: "replace",
      table: FILLED,
      plan: { prepare: [`CREATE ${kind}TABLE {aside} (${LIKE})`] },
      also: FILLED_ALSO,
    })),
    {
      name: "a table like it beside a target that counts for itself",
      mode: "replace",
      table: "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text, b text)",
      plan: {
        prepare: [`CREATE TABLE {aside} (${LIKE})`],
        write: { insert: "INSERT INTO {aside} ({columns}) OVERRIDING SYSTEM VALUE VALUES {rows}" },
        finish: [
          "TRUNCATE TABLE {table}",
          MOVED.replace("SELECT", "OVERRIDING SYSTEM VALUE SELECT"),
        ],
      },
    },
  ],
  mysql: [
    {
      name: "a table like it beside the target",
      mode: "replace",
      plan: { prepare: ["CREATE TABLE {aside} LIKE {table}"] },
    },
    {
      name: "a table like it beside a target that fills columns",
      mode: "replace",
      table: "CREATE TABLE t (id bigint PRIMARY KEY, a text, b text, " +
        "noted varchar(20) NOT NULL DEFAULT 'by default', " +
        "twice bigint GENERATED ALWAYS AS (id * 2) STORED)",
      plan: { prepare: ["CREATE TABLE {aside} (LIKE {table})"] },
      also: [
        "SELECT concat_ws(' ', min(noted), max(noted), CAST(min(twice = 2 * id) AS char)) AS said FROM t",
        "by default by default 1",
      ],
    },
  ],
  duckdb: [
    {
      name: "statistics at the end",
      mode: "append",
      plan: { finish: ["ANALYZE {table}"] },
    },
    {
      name: "statistics at the end",
      mode: "replace",
      plan: { finish: ["DELETE FROM {table}", MOVED, "ANALYZE {table}"] },
    },
    {
      name: "staging",
      mode: "append",
      plan: {
        stage: [
          "CREATE TEMP TABLE {staging} AS SELECT {columns}, CAST(0 AS BIGINT) AS {ordinal} FROM {table} WITH NO DATA",
        ],
        write: ROWS_TO_STAGING,
        merge: [`${MOVE} ORDER BY {ordinal}`],
      },
    },
    {
      name: "staging without numbers",
      mode: "append",
      plan: {
        stage: ["CREATE TEMP TABLE {staging} AS SELECT {columns} FROM {table} WITH NO DATA"],
        write: { insert: "INSERT INTO {staging} ({columns}) VALUES {rows}" },
        merge: [MOVE],
      },
    },
  ],
  libsql: [
    ...(["append", "upsert", "replace"] as const).map((mode): RecipeCase => ({
      name: "statistics at the end",
      mode,
      plan: {
        finish: [...(mode === "replace" ? ["DELETE FROM {table}", MOVED] : []), "ANALYZE {table}"],
      },
      also: ["SELECT max(stat) AS said FROM sqlite_stat1 WHERE tbl = 't'", "3"],
    })),
    {
      name: "staging",
      mode: "append",
      plan: {
        stage: [
          "DROP TABLE IF EXISTS {staging}",
          "CREATE TEMP TABLE {staging} AS SELECT {columns}, 0 AS {ordinal} FROM {table} WHERE 0",
        ],
        write: ROWS_TO_STAGING,
        merge: [`${MOVE} ORDER BY {ordinal}`],
      },
    },
    {
      name: "staging",
      mode: "upsert",
      plan: {
        stage: [
          "CREATE TEMP TABLE {staging} AS SELECT {columns}, CAST(0 AS INTEGER) AS {ordinal} FROM {table} WHERE 0",
        ],
        write: ROWS_TO_STAGING,
        merge: [`${MOVE} ORDER BY {ordinal} ON CONFLICT ({keys}) ${SET}`],
      },
    },
  ],
};

/** Of an upsert, a key comes twice in one batch, and once more in the next. */
const SENT = {
  append: [{ id: 1, a: "one", b: null }, { id: 2, a: "it's", b: "" }, { id: 3, a: "3", b: "x" }],
  upsert: [
    { id: 1, a: "early", b: null },
    { id: 1, a: "one", b: null },
    { id: 2, a: "early", b: "" },
    { id: 2, a: "it's", b: "" },
    { id: 3, a: "3", b: "x" },
  ],
  replace: [{ id: 1, a: "one", b: null }, { id: 2, a: "it's", b: "" }, { id: 3, a: "3", b: "x" }],
};

for (const kind of TARGET_KINDS) {
  for (const { name, mode, plan, table, also } of CASES[kind.family.name] ?? []) {
    for (const bulk of kind.family.name === "postgres" ? ["auto", "insert"] : [undefined]) {
      const how = bulk === undefined ? "" : `, bulk ${bulk}`;
      Deno.test(`recipe: ${kind.name}: ${mode}, ${name}${how}: the rows are in the table`, () =>
        kind.use(async (target) => {
          // Of its own: what a folder keeps of earlier runs, no verifier is asked about again.
          await builtLibrary();
          await using host = await createHost();
          await host.registerPlugin(planningPlugin({ family: kind.family.name, mode, plan }));
          if (table !== undefined) {
            await target.execute(table);
            if (mode === "replace") await old(target, table);
          }
          const config = bulk === undefined ? target.config : { ...target.config, bulk };
          const backend = await host.createBackend("sample", config);
          const report = await host.load(rows(SENT[mode]), backend, {
            ...{ table: "t", mode, key: ["id"], connections: 1, batchRowsMax: 2 },
          });
          assertEquals(report.rejected, 0);
          assertEquals(await contents(target), SENT.append.map(({ id, a, b }) => [`${id}`, a, b]));
          if (!also) return;
          const [row] = await target.query(also[0]);
          assertEquals(row!["said"], also[1]);
        }));
    }
  }
}

/** A row that a replace is to remove. */
async function old(target: Target, table: string): Promise<void> {
  const override = table.includes("id bigint GENERATED ALWAYS") ? "OVERRIDING SYSTEM VALUE " : "";
  await target.execute(`INSERT INTO t (id, a, b) ${override}VALUES (77, 'old', 'alt')`);
}

async function contents(target: Target): Promise<unknown[]> {
  const found = await target.query(
    `SELECT ${target.textOf("id")} AS id, a, b FROM t ORDER BY 1`,
  );
  return found.map(({ id, a, b }) => [id, a, b]);
}

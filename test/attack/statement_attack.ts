/** What a hostile plan is, and the plugin that makes it. */
import type { Plan } from "../../src/abi/plan.ts";
import type { WriteMode } from "../../src/batch.ts";
import { MANIFEST, samplePlugin } from "../support/wasm_text.ts";

/** Statements by phase, and how rows are sent. */
export interface AttackPlan {
  readonly session?: readonly string[];
  readonly teardown?: readonly string[];
  readonly health?: readonly string[];
  readonly create?: readonly string[];
  readonly prepare?: readonly string[];
  readonly stage?: readonly string[];
  readonly merge?: readonly string[];
  readonly finish?: readonly string[];
  readonly write?: { readonly insert: string; readonly row?: string };
}

/** A plan that a hostile plugin might make. What it leaves out is as an honest plugin has it. */
export interface StatementAttack {
  readonly family: "postgres" | "libsql";
  /** `append` by default. */
  readonly mode?: WriteMode;
  readonly plan: AttackPlan;
  /** The error's code; `plan_refused` by default. */
  readonly code?: "plan_refused" | "plugin_violation";
  /** Words of the refusal. */
  readonly says: string;
}

/** The table that attacks load into has a key column and two more. */
const CREATE = {
  postgres: "CREATE TABLE IF NOT EXISTS {table} ({col:0} bigint NOT NULL, {col:1} text, " +
    "{col:2} text, PRIMARY KEY ({keys}))",
  libsql: "CREATE TABLE IF NOT EXISTS {table} ({col:0} INTEGER NOT NULL, {col:1} TEXT, " +
    "{col:2} TEXT, PRIMARY KEY ({keys}))",
} as const;
const SET = "DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}";

/** Plans that are in order, by family and mode. */
export const HONEST: Readonly<Record<string, Readonly<Record<WriteMode, AttackPlan>>>> = {
  postgres: {
    append: {
      create: [CREATE.postgres],
      write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}" },
    },
    upsert: {
      create: [CREATE.postgres],
      stage: [
        "DROP TABLE IF EXISTS {staging}",
        "CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS " +
        "SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} " +
        `ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) ${SET}`,
      ],
    },
    replace: {
      create: [CREATE.postgres],
      prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM {table} WITH NO DATA"],
      write: { insert: "INSERT INTO {aside} ({columns}) VALUES {rows}" },
      finish: [
        "TRUNCATE TABLE {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
  },
  libsql: {
    append: {
      create: [CREATE.libsql],
      write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}" },
    },
    upsert: {
      create: [CREATE.libsql],
      write: {
        insert: `INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) ${SET}`,
      },
    },
    replace: {
      create: [CREATE.libsql],
      prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0"],
      write: { insert: "INSERT INTO {aside} ({columns}) VALUES {rows}" },
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
  },
};

/** The plan as it comes out of the sandbox. */
export function planOf({ family, mode = "append", plan }: StatementAttack): Plan {
  const { create = [], prepare = [], stage = [], merge = [], finish = [], write } = {
    ...HONEST[family]![mode],
    ...plan,
  };
  return {
    create,
    prepare,
    stage,
    merge,
    finish,
    batch: { rowsMax: 1_000, bytesMax: 1_000_000 },
    write: { sql: write!.insert, row: write!.row ?? "({values})", rowsMax: 10 },
  };
}

/** The file of a plugin that makes this plan, whatever the shape. */
export function planningPlugin({ family, mode = "append", plan }: StatementAttack): Uint8Array {
  const texts: string[] = [];
  const say = (text: string) => `(call $text (i32.const ${texts.push(text)}))`;
  const statements = (name: string, list: readonly string[] = []) =>
    list.map((sql) => `(call $${name} ${say(sql)})`).join("\n");
  const whole: AttackPlan = { health: ["SELECT 1"], ...HONEST[family]![mode], ...plan };
  const write = whole.write!;
  const row = say(write.row ?? "({values})");
  const sent = `(call $sql_insert ${say(write.insert)} ${row} (i32.const 10))`;
  const phases = ["create", "prepare", "stage", "merge", "finish"] as const;
  return samplePlugin({
    manifest: {
      ...MANIFEST,
      driver: family,
      capabilities: { ...MANIFEST.capabilities, modes: ["append", "upsert", "replace"] },
    },
    capabilities: [
      ...phases.map((phase) => `sql_${phase}` as const),
      ...["sql_session", "sql_teardown", "sql_health", "sql_insert"] as const,
    ],
    exports: {
      connect: `${statements("sql_session", whole.session)} (i32.const 0)`,
      close: `${statements("sql_teardown", whole.teardown)} (i32.const 0)`,
      health_check: `${statements("sql_health", whole.health)} (i32.const 0)`,
      write_batch: `${
        phases.map((phase) => statements(`sql_${phase}`, whole[phase])).join("\n")
      } ${sent} (i32.const 0)`,
    },
    texts,
  });
}

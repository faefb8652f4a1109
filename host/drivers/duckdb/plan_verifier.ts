/**
 * DuckDB itself verifies plans: each is rehearsed in memory, with a few rows. It reads one
 * statement of the kind that may stand there, and afterwards the table has to hold what a load of these
 * rows in that mode is to leave, and no other table may be there.
 */
import { type DuckDBConnection, DuckDBInstance, StatementType } from "@duckdb/node-api";
import type { Plan } from "../../../src/plugin_api/plan.ts";
import type { Shape } from "../../../src/model/batch.ts";
import { messageOf } from "../../../src/model/errors.ts";
import type { Refusal } from "../../../src/plan_policy/recipes.ts";
import type { PlanVerifier } from "../../../src/plan_policy/plan_verifier.ts";
import type { SlotNames } from "../../../src/plan_policy/slot.ts";
import type { Cell } from "../../codec/codec.ts";
import type { Phase } from "../sql/planned_statements.ts";
import { rehearsePlan, type Shadow } from "../sql/rehearse_plan.ts";
import { asideName, checkShape, slotNames, STAGING_NAME } from "../sql/names.ts";
import type { Row } from "../sql/rehearsed_rows.ts";
import { DUCKDB_WORDS } from "./names_and_types.ts";
import { bound, SAFE } from "./session.ts";

/** The load is known once the plan is run; what it is called decides nothing. */
const LOAD_ID = "00000000";
/** A plan of 1,600 columns takes a twentieth of it. */
const REHEARSAL_MS = 30_000;
/** Settings of the engine that rehearses. */
const BOUNDS = {
  ...SAFE,
  threads: "1",
  memory_limit: "256MiB",
  max_temp_directory_size: "0MiB",
  lock_configuration: "true",
};
/** What a table has that is to hold just what is loaded. */
const EXTRAS = "SELECT 1 FROM duckdb_columns() WHERE NOT internal AND column_default IS NOT NULL " +
  "UNION ALL SELECT 1 FROM duckdb_constraints() WHERE constraint_type IN ('CHECK', 'FOREIGN KEY', 'UNIQUE')";
/** What else a CREATE may make. */
const OTHERS = "SELECT 1 FROM duckdb_views() WHERE NOT internal " +
  "UNION ALL SELECT 1 FROM duckdb_functions() WHERE NOT internal " +
  "UNION ALL SELECT 1 FROM duckdb_types() WHERE NOT internal " +
  "UNION ALL SELECT 1 FROM duckdb_sequences() UNION ALL SELECT 1 FROM duckdb_indexes()";
/** What the table is to hold afterwards. */
const EXPECTED = "_snakepipe_expected";

/** Kinds of statements that may stand in each phase. */
const KINDS: Readonly<Record<Phase, readonly StatementType[]>> = {
  create: [StatementType.CREATE],
  prepare: [StatementType.CREATE],
  stage: [StatementType.CREATE, StatementType.DROP],
  write: [StatementType.INSERT],
  merge: [StatementType.INSERT],
  // What ANALYZE is to DuckDB; without it, VACUUM does nothing there.
  finish: [StatementType.DELETE, StatementType.INSERT, StatementType.VACUUM],
};

/** Loads the engine. */
export function loadPlanVerifier(): Promise<PlanVerifier> {
  return Promise.resolve({ refusalOf });
}

async function refusalOf(plan: Plan, shape: Shape): Promise<Refusal | undefined> {
  checkShape(DUCKDB_WORDS, shape);
  const keys = shape.columns.filter(({ key }) => key);
  // Of two truth values, no three rows can have one each.
  if (keys.length > 0 && keys.every(({ type }) => type === "boolean")) return undefined;
  const instance = await DuckDBInstance.create(":memory:", BOUNDS);
  const connection = await instance.connect();
  const deadline = setTimeout(() => connection.interrupt(), REHEARSAL_MS);
  try {
    const { schema = "main" } = shape.table;
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${DUCKDB_WORDS.quote(schema)}`);
    const names = slotNames(DUCKDB_WORDS, shape, { schema, loadId: LOAD_ID });
    return await rehearsePlan(plan, shape, {
      words: DUCKDB_WORDS,
      names,
      shadow: new DuckShadow(connection, { shape, names, isMade: plan.create.length > 0 }),
      database: "DuckDB",
    });
  } finally {
    clearTimeout(deadline);
    connection.closeSync();
    instance.closeSync();
  }
}

/** What a shadow is of. */
interface ShadowOptions {
  readonly shape: Shape;
  readonly names: SlotNames;
  /** Whether the plan makes the table. */
  readonly isMade: boolean;
}

class DuckShadow implements Shadow {
  readonly #connection: DuckDBConnection;
  readonly #options: ShadowOptions;

  constructor(connection: DuckDBConnection, options: ShadowOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  async run(
    sql: string,
    phase: Phase,
    values: readonly Cell[] = [],
  ): Promise<string | undefined> {
    try {
      const found = await this.#connection.extractStatements(sql);
      if (found.count !== 1) return "to DuckDB it is not one statement";
      const statement = await found.prepare(0);
      if (!KINDS[phase].includes(statement.statementType)) {
        return "to DuckDB it is a statement of another kind";
      }
      statement.bind(values.map(bound));
      await statement.run();
      return undefined;
    } catch (error) {
      return `DuckDB does not take it: ${messageOf(error).split("\n")[0]!.slice(0, 200)}`;
    }
  }

  async makeTarget(before: readonly Row[], after: readonly Row[]): Promise<string | undefined> {
    const { shape, names: { table, columns, keys }, isMade } = this.#options;
    if (!isMade) {
      // A table as a user may have it.
      const key = keys.length === 0 ? "" : `, PRIMARY KEY (${keys.join(", ")})`;
      const definitions = columns.map((name) => `${name} VARCHAR`).join(", ");
      await this.#connection.run(`CREATE TABLE ${table} (${definitions}${key})`);
    }
    const made = await this.#connection.runAndReadAll(`SELECT * FROM ${table} LIMIT 0`)
      .then((found) => found.columnNames(), () => []);
    const wanted = shape.columns.map(({ name }) => name);
    if (made.join("\0") !== wanted.join("\0") || await this.#finds(EXTRAS)) {
      return "to DuckDB it makes another table than the load's";
    }
    await this.#connection.run(`CREATE TABLE ${EXPECTED} AS SELECT * FROM ${table} LIMIT 0`);
    try {
      await this.#put(table, before);
      await this.#put(EXPECTED, after);
      return undefined;
    } catch {
      return "in a rehearsal, DuckDB takes no rows into it";
    }
  }

  async check(): Promise<string | undefined> {
    const { table: { schema = "main", name } } = this.#options.shape;
    const aside = asideName(DUCKDB_WORDS, name, LOAD_ID);
    const known = [name, schema, EXPECTED, `${STAGING_NAME} of this session`, aside];
    const names = await this.#connection.runAndReadAll(
      "SELECT table_name || CASE WHEN temporary THEN ' of this session' ELSE '' END " +
        "FROM duckdb_tables() UNION ALL SELECT schema_name FROM duckdb_schemas() WHERE NOT internal",
    );
    return names.getRows().every(([each]) => known.includes(String(each)))
      ? undefined
      : "in a rehearsal, DuckDB makes something else by it";
  }

  async difference(): Promise<string | undefined> {
    const { table } = this.#options.names;
    const lacks = (a: string, b: string) => `(SELECT * FROM ${a} EXCEPT ALL SELECT * FROM ${b})`;
    const either = [lacks(table, EXPECTED), lacks(EXPECTED, table)];
    if (await this.#finds(either.map((rows) => `SELECT 1 FROM ${rows}`).join(" UNION ALL "))) {
      return "holds other rows afterwards than were loaded";
    }
    return await this.#finds(OTHERS) ? "makes something else beside it" : undefined;
  }

  isKeyed(): boolean {
    return this.#options.names.keys.length > 0;
  }

  async #put(table: string, rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      const marks = row.map(() => "?").join(", ");
      await this.#connection.run(`INSERT INTO ${table} VALUES (${marks})`, row.map(bound));
    }
  }

  async #finds(sql: string): Promise<boolean> {
    return (await this.#connection.runAndReadAll(sql)).getRows().length > 0;
  }
}

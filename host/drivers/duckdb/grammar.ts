/**
 * DuckDB itself as a second opinion on plans: each is rehearsed in memory, with a few rows. It reads one
 * statement of the kind that may stand there, and afterwards the table has to hold what a load of these
 * rows in that mode is to leave, and no other table may be there.
 */
import { type DuckDBConnection, DuckDBInstance, StatementType } from "@duckdb/node-api";
import type { Plan } from "../../../src/abi/plan.ts";
import type { Shape } from "../../../src/batch.ts";
import { messageOf } from "../../../src/errors.ts";
import type { Refusal } from "../../../src/policy/dialect.ts";
import type { Grammar } from "../../../src/policy/grammar.ts";
import type { SlotNames } from "../../../src/policy/slot.ts";
import type { Cell } from "../../codec/codec.ts";
import { insertText } from "../sql/insert_text.ts";
import { asideName, checkShape, render, slotNames, STAGING_NAME } from "../sql/names.ts";
import { rehearsalOf, type Row } from "../sql/rehearsal.ts";
import { DUCKDB_WORDS } from "./dialect.ts";
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
const OTHER_ROWS = "in a rehearsal, DuckDB holds other rows afterwards than were loaded";
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
const KINDS = {
  create: [StatementType.CREATE],
  prepare: [StatementType.CREATE],
  stage: [StatementType.CREATE, StatementType.DROP],
  write: [StatementType.INSERT],
  merge: [StatementType.INSERT],
  finish: [StatementType.DELETE, StatementType.INSERT],
} as const;
type Phase = keyof typeof KINDS;

/** Loads the engine. */
export function loadGrammar(): Promise<Grammar> {
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
    return await new Rehearsal(connection, plan, shape).refusal();
  } finally {
    clearTimeout(deadline);
    connection.closeSync();
    instance.closeSync();
  }
}

/** A plan that is refused. */
class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.why);
  }
}

class Rehearsal {
  readonly #connection: DuckDBConnection;
  readonly #plan: Plan;
  readonly #shape: Shape;
  readonly #names: SlotNames;

  constructor(connection: DuckDBConnection, plan: Plan, shape: Shape) {
    this.#connection = connection;
    this.#plan = plan;
    this.#shape = shape;
    const { schema = "main" } = shape.table;
    this.#names = slotNames(DUCKDB_WORDS, shape, { schema, loadId: LOAD_ID });
  }

  async refusal(): Promise<Refusal | undefined> {
    try {
      await this.#rehearse();
      return undefined;
    } catch (error) {
      if (error instanceof Refused) return error.refusal;
      throw error;
    }
  }

  async #rehearse(): Promise<void> {
    const { quote } = DUCKDB_WORDS;
    const { table: { schema = "main" }, columns, mode } = this.#shape;
    const { before, loaded, after } = rehearsalOf(this.#shape);
    const { table } = this.#names;
    await this.#connection.run(`CREATE SCHEMA IF NOT EXISTS ${quote(schema)}`);
    await this.#phase("create");
    if (this.#plan.create.length === 0) await this.#connection.run(this.#ownTable());
    const made = await this.#connection.runAndReadAll(`SELECT * FROM ${table} LIMIT 0`)
      .then((found) => found.columnNames(), () => []);
    const wanted = columns.map(({ name }) => name);
    if (made.join("\0") !== wanted.join("\0") || await this.#finds(EXTRAS)) {
      throw new Refused({
        at: "create[0]",
        why: "to DuckDB it makes another table than the load's",
      });
    }
    await this.#connection.run(`CREATE TABLE ${EXPECTED} AS SELECT * FROM ${table} LIMIT 0`);
    await this.#put(table, before);
    await this.#put(EXPECTED, after);
    for (const phase of ["prepare", "stage"] as const) await this.#phase(phase);
    const insert = insertText(DUCKDB_WORDS, this.#plan.write, this.#names);
    // In front of a row stands another one of its key.
    const sent = mode !== "upsert" ? loaded : [
      loaded[0]!.map((cell, i) => columns[i]!.key ? cell : loaded[1]![i]!),
      ...loaded,
    ];
    const values = insert.args(sent.flat(), (row) => row + 1);
    const write = () => this.#run("write", "insert.sql", insert.text(sent.length), values);
    await write();
    await this.#phase("merge");
    await this.#phase("finish");
    const wrong = (why: string) => new Refused({ at: "insert.sql", why });
    if (!await this.#holds(table)) throw wrong(OTHER_ROWS);
    if (await this.#finds(OTHERS)) {
      throw wrong("in a rehearsal, DuckDB makes something else beside it");
    }
    if (mode === "append" && columns.some(({ key }) => key)) {
      const again = await write().then(() => true, () => false);
      if (again) throw wrong("in a rehearsal, DuckDB takes rows whose keys are there already");
    }
  }

  async #phase(phase: Exclude<Phase, "write">): Promise<void> {
    for (const [i, sql] of this.#plan[phase].entries()) {
      await this.#run(phase, `${phase}[${i}]`, render(sql, this.#names));
    }
    const { table: { schema = "main", name } } = this.#shape;
    const known = [name, schema, EXPECTED, `${STAGING_NAME} of this session`, this.#aside];
    const names = await this.#connection.runAndReadAll(
      "SELECT table_name || CASE WHEN temporary THEN ' of this session' ELSE '' END " +
        "FROM duckdb_tables() UNION ALL SELECT schema_name FROM duckdb_schemas() WHERE NOT internal",
    );
    if (names.getRows().some(([each]) => !known.includes(String(each)))) {
      throw new Refused({
        at: `${phase}[0]`,
        why: "in a rehearsal, DuckDB makes something else by it",
      });
    }
  }

  async #run(phase: Phase, at: string, sql: string, args: readonly Cell[] = []): Promise<void> {
    try {
      const found = await this.#connection.extractStatements(sql);
      if (found.count !== 1) throw new Refused({ at, why: "to DuckDB it is not one statement" });
      const statement = await found.prepare(0);
      const kinds: readonly StatementType[] = KINDS[phase];
      if (!kinds.includes(statement.statementType)) {
        throw new Refused({ at, why: "to DuckDB it is a statement of another kind" });
      }
      statement.bind(args.map(bound));
      await statement.run();
    } catch (error) {
      if (error instanceof Refused) throw error;
      throw new Refused({
        at,
        why: `DuckDB does not take it: ${messageOf(error).split("\n")[0]!.slice(0, 200)}`,
      });
    }
  }

  async #put(table: string, rows: readonly Row[]): Promise<void> {
    const marks = `(${this.#shape.columns.map(() => "?").join(", ")})`;
    for (const row of rows) {
      await this.#connection.run(`INSERT INTO ${table} VALUES ${marks}`, row.map(bound)).catch(
        () => {
          throw new Refused({
            at: "create[0]",
            why: "in a rehearsal, DuckDB takes no rows into it",
          });
        },
      );
    }
  }

  async #holds(table: string): Promise<boolean> {
    const differs = (a: string, b: string) => `(SELECT * FROM ${a} EXCEPT ALL SELECT * FROM ${b})`;
    return !await this.#finds(
      `SELECT 1 FROM ${differs(table, EXPECTED)} UNION ALL SELECT 1 FROM ${
        differs(EXPECTED, table)
      }`,
    );
  }

  async #finds(sql: string): Promise<boolean> {
    return (await this.#connection.runAndReadAll(sql)).getRows().length > 0;
  }

  get #aside(): string {
    return asideName(DUCKDB_WORDS, this.#shape.table.name, LOAD_ID);
  }

  /** A table as a user may have it. */
  #ownTable(): string {
    const { columns, keys, table } = this.#names;
    const key = keys.length === 0 ? "" : `, PRIMARY KEY (${keys.join(", ")})`;
    return `CREATE TABLE ${table} (${columns.map((name) => `${name} VARCHAR`).join(", ")}${key})`;
  }
}

/**
 * SQLite itself verifies plans: each is rehearsed on a shadow, in memory, with a few rows.
 *
 * - Its statements run under an authorizer: SQLite asks it about every table, column and function that
 *   a statement reads or writes, and what stands in no list is denied. (It cannot stand on the
 *   connection that loads, which has work of the host's own to do.) What it asks:
 *   https://sqlite.org/c3ref/c_alter_table.html
 * - An INSERT that may take its rows out of an image is rehearsed in that form too, where SQLite attaches:
 *   https://sqlite.org/lang_attach.html
 * - Afterwards the table has to hold what a load of these rows in that mode is to leave there, and
 *   tables that refer to it what they held before.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Plan } from "../../../src/plugin_api/plan.ts";
import { type Shape, updatedColumns } from "../../../src/model/batch.ts";
import { messageOf } from "../../../src/model/errors.ts";
import type { Refusal } from "../../../src/plan_policy/recipes.ts";
import type { PlanVerifier } from "../../../src/plan_policy/plan_verifier.ts";
import type { Phase } from "../sql/planned_statements.ts";
import { rehearsePlan, type Shadow } from "../sql/rehearse_plan.ts";
import { contents, rehearsalOf, type Row, type Value } from "../sql/rehearsed_rows.ts";
import { isReferrer, type RehearsalReferrer, rehearsalReferrers } from "./rehearsal_referrer.ts";
import {
  asideName,
  checkShape,
  ORDINAL_NAME,
  render,
  slotNames,
  STAGING_NAME,
} from "../sql/names.ts";
import { IMAGE } from "./engine.ts";
import { IMAGE_ROWS, imageInsert } from "./image_source.ts";
import { checkTable, LIBSQL_WORDS, quote } from "./names_and_types.ts";

/** The engine: the part of the module that is used here. */
type Engine = typeof import("node:sqlite");
/** A phase of a plan whose statements stand in the shadow. */
type Place = Phase;
/** Whether a statement may do that to a table, or to one of its columns. */
type Permission = (action: number, table: string, column: string) => boolean;

/** The load is known once the plan is run; what it is called decides nothing. */
const LOAD_ID = "00000000";
const OTHER_TABLES = "changes rows of tables that refer to this one";
const OTHER_ROWS = "holds other rows afterwards than were loaded";
/** The tables of SQLite's own in which tables are, those of a session among them. */
const SCHEMA_TABLES = new Set(["sqlite_master", "sqlite_temp_master"]);
/** Where ANALYZE keeps what it has found. */
const STATISTICS_TABLES = new Set(["sqlite_stat1", "sqlite_stat4"]);

let loading: Promise<PlanVerifier> | undefined;

/** Loads the engine, once. */
export function loadPlanVerifier(): Promise<PlanVerifier> {
  return loading ??= (async () => {
    const engine = await import("node:sqlite");
    return { refusalOf: (plan, shape) => refusalOf(plan, shape, engine) };
  })();
}

async function refusalOf(plan: Plan, shape: Shape, engine: Engine): Promise<Refusal | undefined> {
  checkShape(LIBSQL_WORDS, shape);
  checkTable(shape.table);
  const names = slotNames(LIBSQL_WORDS, shape, { schema: shape.table.schema, loadId: LOAD_ID });
  const about = { words: LIBSQL_WORDS, names, database: "SQLite" };
  const byImage = imageInsert(plan.write, shape, false);
  for (const insert of byImage === undefined ? [undefined] : [undefined, render(byImage, names)]) {
    using shadow = new SqliteShadow(engine, shape, insert);
    if (insert !== undefined && !shadow.attaches()) break;
    const refusal = await rehearsePlan(plan, shape, { ...about, shadow });
    if (refusal) return refusal;
  }
  return undefined;
}

/** A database in memory in which a plan is tried. */
class SqliteShadow implements Shadow, Disposable {
  readonly #shape: Shape;
  readonly #database: DatabaseSync;
  readonly #permissions: Readonly<Record<Place, Permission>>;
  readonly #constants: Engine["constants"];
  #place: Place | "host" = "host";
  #denied: string | undefined;
  /** Whether the statement is ANALYZE. */
  #analyzes = false;
  readonly #referrers: readonly RehearsalReferrer[];
  /** The plan's INSERT as it takes rows out of an image; undefined where they are bound to it. */
  readonly #byImage: string | undefined;

  constructor({ DatabaseSync, constants }: Engine, shape: Shape, byImage?: string) {
    this.#shape = shape;
    this.#byImage = byImage;
    this.#constants = constants;
    this.#referrers = rehearsalReferrers(shape, rehearsalOf(shape).referred);
    this.#permissions = permissionsOf(shape, constants);
    this.#database = new DatabaseSync(":memory:");
    this.#database.setAuthorizer((action, first, second, database, trigger) =>
      this.#place === "host" || this.#allows(action, first, second, { database, trigger })
        ? constants.SQLITE_OK
        : constants.SQLITE_DENY
    );
  }

  /** Makes room for an image. Returns false where that is not allowed, so that no load has any. */
  attaches(): boolean {
    try {
      this.#database.exec(`ATTACH ':memory:' AS ${IMAGE}`);
      const columns = this.#shape.columns.map((_, i) => `c${i}`).join(", ");
      this.#database.exec(`CREATE TABLE ${IMAGE_ROWS} (${columns})`);
      return true;
    } catch {
      return false;
    }
  }

  /** Runs a statement. Returns why it is denied, if it is. */
  run(sql: string, phase: Phase, values: readonly Value[] = []): string | undefined {
    if (phase !== "write" || this.#byImage === undefined) return this.#run(sql, phase, values);
    this.#database.exec(`DELETE FROM ${IMAGE_ROWS}`);
    const width = this.#shape.columns.length;
    for (let at = 0; at < values.length; at += width) {
      this.#put(IMAGE_ROWS, [values.slice(at, at + width)]);
    }
    return this.#run(this.#byImage, phase, []);
  }

  #run(sql: string, phase: Phase, values: readonly Value[]): string | undefined {
    this.#place = phase;
    this.#denied = undefined;
    // What else ANALYZE does, SQLite asks before it says that it is one.
    this.#analyzes = phase === "finish" && /^\s*analyze\b/i.test(sql);
    try {
      this.#database.prepare(sql).run(...values);
      return this.#denied;
    } catch (error) {
      return this.#denied ?? `SQLite does not take it: ${messageOf(error).slice(0, 200)}`;
    } finally {
      this.#place = "host";
    }
  }

  makeTarget(rows: readonly Row[]): string | undefined {
    const differs = this.#createTarget();
    if (differs !== undefined) return differs;
    try {
      this.#put(this.#target, rows);
    } catch (error) {
      return `SQLite does not take rows into it: ${messageOf(error).slice(0, 200)}`;
    }
    for (const { name, statements, row } of this.#referrers) {
      for (const sql of statements) this.#database.prepare(sql).run();
      this.#put(quote(name), row ? [row] : []);
    }
    return undefined;
  }

  /** The end of a load is one transaction, as the driver runs it: foreign keys are looked at there. */
  check(phase: Phase): string | undefined {
    if (phase === "merge") this.#database.exec("BEGIN; PRAGMA defer_foreign_keys = ON");
    if (phase !== "finish") return undefined;
    try {
      this.#database.exec("COMMIT");
      return undefined;
    } catch {
      return `in a rehearsal, SQLite ${OTHER_TABLES}`;
    }
  }

  difference(after: readonly Row[]): string | undefined {
    if (contents(this.#rowsOf(this.#target)) !== contents(after)) return OTHER_ROWS;
    const kept = this.#referrers.every(({ name, row }) =>
      contents(this.#rowsOf(quote(name))) === contents(row ? [row] : [])
    );
    return kept ? undefined : OTHER_TABLES;
  }

  #put(table: string, rows: readonly Row[]): void {
    for (const row of rows) {
      const marks = row.map(() => "?").join(", ");
      this.#database.prepare(`INSERT INTO ${table} VALUES (${marks})`).run(...row);
    }
  }

  #rowsOf(table: string): Row[] {
    const select = this.#database.prepare(`SELECT * FROM ${table}`);
    select.setReturnArrays(true);
    return select.all() as unknown as Row[];
  }

  isKeyed(): boolean {
    const { found } = this.#database.prepare(
      "SELECT count(*) AS found FROM pragma_table_info(?) WHERE pk > 0",
    ).get(this.#shape.table.name) as { found: number };
    return found > 0;
  }

  get #target(): string {
    return quote(this.#shape.table.name);
  }

  #createTarget(): string | undefined {
    const { table, columns } = this.#shape;
    const found = this.#database.prepare(
      "SELECT name, hidden, dflt_value IS NULL AS bare FROM pragma_table_xinfo(?) ORDER BY cid",
    ).all(table.name);
    if (found.length === 0) {
      const keys = columns.filter(({ key }) => key).map(({ name }) => quote(name));
      const parts = columns.map(({ name }) => quote(name));
      if (keys.length > 0) parts.push(`PRIMARY KEY (${keys.join(", ")})`);
      this.#database.prepare(`CREATE TABLE ${this.#target} (${parts.join(", ")})`).run();
      return undefined;
    }
    const same = found.length === columns.length && columns.every(({ name }, i) => {
      const column = found[i]!;
      return column.name === name && column.hidden === 0 && column.bare === 1;
    });
    return same ? undefined : "to SQLite it makes other columns than those of the load";
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #allows(
    action: number,
    first: string | null,
    second: string | null,
    { database, trigger }: { readonly database: string | null; readonly trigger: string | null },
  ): boolean {
    // No database is named for functions, for a SELECT as such, and for tables of which no column is read.
    const place = this.#place as Place;
    const allowed = trigger === null &&
      (DATABASES[place].has(database ?? "main") &&
          (this.#permissions[place](action, first ?? "", second ?? "") ||
            this.#mayAnalyze(action, first ?? "", second ?? "")) ||
        this.#readsImage(action, database));
    if (!allowed) {
      const what = [first, second].filter((name) => name).join(" ");
      this.#denied ??= `to SQLite it asks for ${this.#nameOf(action)} of ${what || "nothing"}`;
    }
    return allowed;
  }

  /** The host's own form of the INSERT reads the image. */
  #readsImage(action: number, database: string | null): boolean {
    return this.#byImage !== undefined && this.#place === "write" && database === IMAGE &&
      action === this.#constants.SQLITE_READ;
  }

  /** As it analyzes the target, SQLite writes to tables of its own; no other statement may. */
  #mayAnalyze(action: number, table: string, name: string): boolean {
    const { SQLITE_ANALYZE, SQLITE_FUNCTION, SQLITE_SELECT } = this.#constants;
    if (!this.#analyzes) return false;
    switch (action) {
      case SQLITE_ANALYZE:
        return table === this.#shape.table.name;
      case SQLITE_SELECT:
        return true;
      case SQLITE_FUNCTION:
        return name === "count";
      default:
        return STATISTICS_TABLES.has(table) || SCHEMA_TABLES.has(table);
    }
  }

  #nameOf(action: number): string {
    const named = Object.entries(this.#constants).find(([name, value]) =>
      value === action && !/^SQLITE_(OK|DENY|IGNORE|COPY|CHANGESET)/.test(name)
    );
    return named?.[0].slice("SQLITE_".length) ?? String(action);
  }
}

/** Where the tables of a phase are: staging is one of the session. */
const DATABASES: Readonly<Record<Place, ReadonlySet<string>>> = {
  create: new Set(["main"]),
  prepare: new Set(["main"]),
  stage: new Set(["main", "temp"]),
  write: new Set(["main", "temp"]),
  merge: new Set(["main", "temp"]),
  finish: new Set(["main"]),
};

/** What the statements of each phase may do. */
function permissionsOf(
  shape: Shape,
  constants: Engine["constants"],
): Readonly<Record<Place, Permission>> {
  const target = shape.table.name;
  const aside = asideName(LIBSQL_WORDS, target, LOAD_ID);
  const into = shape.mode === "replace" ? aside : target;
  const columns = shape.columns.map(({ name }) => name);
  const updated = shape.mode === "upsert"
    ? new Set(updatedColumns(shape).map(({ name }) => name))
    : new Set<string>();
  const {
    SQLITE_CREATE_INDEX,
    SQLITE_CREATE_TABLE,
    SQLITE_CREATE_TEMP_TABLE,
    SQLITE_DELETE,
    SQLITE_DROP_TEMP_TABLE,
    SQLITE_FUNCTION,
    SQLITE_INSERT,
    SQLITE_READ,
    SQLITE_SELECT,
    SQLITE_UPDATE,
  } = constants;
  // What SQLite writes down of a table that is made or dropped. By themselves statements cannot.
  const asksOfSchema = new Set([SQLITE_INSERT, SQLITE_UPDATE, SQLITE_READ, SQLITE_DELETE]);
  const onSchema: Permission = (action, table) =>
    SCHEMA_TABLES.has(table) && asksOfSchema.has(action);
  // Of a table whose one column is the row's number, no column is read.
  const read = new Set([...columns, ORDINAL_NAME, ""]);
  const reads = (from: string): Permission => (action, table, column) =>
    action === SQLITE_SELECT || (action === SQLITE_READ && table === from && read.has(column));
  const does = (what: number, to: string): Permission => (action, table) =>
    action === what && table === to;
  const index: Permission = (action, name, table) =>
    action === SQLITE_CREATE_INDEX && table === target &&
    name.startsWith(`sqlite_autoindex_${target}_`);
  const any = (...permissions: readonly Permission[]): Permission => (...asked) =>
    permissions.some((permits) => permits(...asked));
  // As it looks whether a foreign key still holds.
  const looks: Permission = (action, table) => action === SQLITE_READ && isReferrer(table);
  const none: Permission = () => false;
  const replaces = (permission: Permission) => shape.mode === "replace" ? permission : none;
  const stages = (permission: Permission) => shape.mode === "replace" ? none : permission;
  const updates: Permission = (action, table, column) =>
    action === SQLITE_UPDATE && table === target && updated.has(column);
  return {
    create: any(does(SQLITE_CREATE_TABLE, target), index, reads(target), onSchema),
    prepare: replaces(any(does(SQLITE_CREATE_TABLE, aside), reads(target), onSchema)),
    stage: stages(any(
      does(SQLITE_CREATE_TEMP_TABLE, STAGING_NAME),
      does(SQLITE_DROP_TEMP_TABLE, STAGING_NAME),
      does(SQLITE_DELETE, STAGING_NAME),
      reads(target),
      onSchema,
    )),
    write: any(
      does(SQLITE_INSERT, into),
      reads(into),
      stages(does(SQLITE_INSERT, STAGING_NAME)),
      looks,
      updates,
      (action, _, name) => action === SQLITE_FUNCTION && name === "json",
    ),
    merge: stages(
      any(does(SQLITE_INSERT, target), reads(STAGING_NAME), reads(target), looks, updates),
    ),
    finish: replaces(any(
      does(SQLITE_DELETE, target),
      does(SQLITE_INSERT, target),
      reads(aside),
      looks,
    )),
  };
}

/** The capability functions: what a plugin can do, by the name under which it imports each. */
import { type Column, WRITE_MODES } from "../../../src/model/batch.ts";
import { columnTypeNumber } from "../../../src/model/column_type.ts";
import type { ConfigValue } from "../../../src/model/config_schema.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { CapabilityName } from "../../../src/plugin_api/capability.ts";
import { type Call, type CallDraft, type Capability, Violation } from "./call.ts";

const NULLABLE = 1;
const KEY = 2;

/** What a plan consists of in lists of statements. */
type DraftList = {
  [K in keyof CallDraft]: CallDraft[K] extends string[] ? K : never;
}[keyof CallDraft];

/** The functions behind the names of `CAPABILITIES`. */
export const CAPABILITY_FUNCTIONS: Readonly<Record<CapabilityName, Capability>> = {
  /** How many columns the batch has. */
  batch_column_count: (call: Call) => call.shape!.columns.length,

  /** Bits of a column: 1 nullable, 2 key. */
  batch_column_flags: (call: Call, column: number) => {
    const { nullable, key } = columnAt(call, column);
    return (nullable ? NULLABLE : 0) | (key ? KEY : 0);
  },

  /** The name of a column. With slots no dialect needs it, so it must be granted by name. */
  batch_column_name: (call: Call, column: number) => call.storeText(columnAt(call, column).name),

  /** The number of a column's type in `COLUMN_TYPES`. */
  batch_column_type: (call: Call, column: number) => columnTypeNumber(columnAt(call, column).type),

  /** 0 append, 1 upsert, 2 replace. */
  batch_mode: (call: Call) => WRITE_MODES.indexOf(call.shape!.mode),

  /** An integer setting, or a boolean one as 1 or 0; 0 where it is not set or no number. */
  config_number: (call: Call, name: bigint) => {
    const value = settingOf(call, name);
    return typeof value === "number" || typeof value === "boolean"
      ? BigInt(Math.trunc(Number(value)))
      : 0n;
  },

  /** The text of one of the plugin's settings; 0 where it is not set or a secret. */
  config_text: (call: Call, name: bigint) => {
    const value = settingOf(call, name);
    return call.storeText(
      value === undefined || value instanceof Secret ? undefined : String(value),
    );
  },

  /** Says what the error is: 0 transient, 1 conflict, 2 data, 3 fatal. */
  error_class: (call: Call, value: number) => {
    if (value < 0 || value > 3) throw new Violation(`error class ${value}, known are 0 to 3`);
    call.draft.errorClass = value;
  },

  /** The database's code that is to be classified. */
  error_code: (call: Call) => call.storeText(call.errorCode),

  /** The batch that this database takes best, in rows and bytes. */
  shape_batch: (call: Call, rowsMax: number, bytesMax: number) => {
    if (rowsMax < 1 || bytesMax < 1) {
      throw new Violation("shape_batch wants at least one row and one byte");
    }
    call.draft.batch = { rowsMax, bytesMax };
  },

  /** Adds DDL of the target table: it runs once a load, only where the table is not there. */
  sql_create: statementFor("create"),

  /** Adds a statement that runs once a load, as it is completed. */
  sql_finish: statementFor("finish"),

  /** Adds the statement that probes health; one only. */
  sql_health: statementFor("health", 1),

  /** Plans INSERT statements: the statement with {rows}, the template of a row, rows a statement. */
  sql_insert: (call: Call, statement: bigint, row: bigint, rowsMax: number) => {
    if (call.draft.write) throw new Violation("a second sql_insert");
    call.draft.write = { sql: call.readText(statement), row: call.readText(row), rowsMax };
  },

  /** Adds a statement that runs in each batch, once its rows stand in staging. */
  sql_merge: statementFor("merge"),

  /** Adds DDL that runs once a load, before its first batch. */
  sql_prepare: statementFor("prepare"),

  /** Adds a statement that opens a session. */
  sql_session: statementFor("session"),

  /** Adds a statement that runs once a connection that carries a lane. */
  sql_stage: statementFor("stage"),

  /** Adds a statement that ends a session. */
  sql_teardown: statementFor("teardown"),
};

function statementFor(
  list: DraftList,
  countMax: number = LIMITS.statementsPerPhaseMax,
): (call: Call, statement: bigint) => void {
  return (call, statement) => {
    const statements = call.draft[list];
    if (statements.length >= countMax) {
      throw new Violation(`more than ${countMax} statements in one phase`);
    }
    statements.push(call.readText(statement));
  };
}

function columnAt(call: Call, column: number): Column {
  const found = call.shape!.columns[column];
  if (!found) throw new Violation(`column ${column} of ${call.shape!.columns.length}`);
  return found;
}

function settingOf(call: Call, name: bigint): ConfigValue | undefined {
  const key = call.readText(name);
  return Object.hasOwn(call.settings, key) ? call.settings[key] : undefined;
}

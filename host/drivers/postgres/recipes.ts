/**
 * What plans for PostgreSQL may look like; see `src/plan_policy/statement_pattern.ts`. Statements are those of the
 * manual's part VI, SQL Commands, as far as a load needs them.
 */
import type { DialectRecipes, Recipe } from "../../../src/plan_policy/recipes.ts";

/** By OVERRIDING USER VALUE, an identity column would count for itself and drop what the rows say. */
const INSERT = "INSERT INTO {table} ( {columns} ) [OVERRIDING SYSTEM VALUE]";
const DROP_STAGING = "?DROP TABLE IF EXISTS {staging}";
/** Emptied by each COMMIT, or a batch would be merged once more with the next. */
const STAGING = "CREATE <TEMP | TEMPORARY> TABLE {staging} ON COMMIT <DELETE ROWS> AS " +
  "SELECT {columns} [, CAST ( 0 AS BIGINT ) AS {ordinal}] FROM {table} WITH NO DATA";
/**
 * A table like the target. Of columns that are not loaded it has to have what fills them: without that,
 * each row would be refused for a NOT NULL that the target itself satisfies.
 */
const LIKE = "LIKE {table} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY";
const STAGING_LIKE =
  `CREATE <TEMP | TEMPORARY> TABLE {staging} ( ${LIKE} [, {ordinal} BIGINT] ) ON COMMIT DELETE ROWS`;
const UPDATE = "DO UPDATE SET plain( {col} = EXCLUDED . {col} )";
/** The planner's statistics, of a sample of the rows; it takes no lock that keeps others from the table. */
const ANALYZE = "?ANALYZE {table}";

const BY_INSERT: Recipe = { write: `${INSERT} VALUES {rows}`, finish: [ANALYZE] };
const UPSERT_BY_INSERT: Recipe = {
  write: `${INSERT} VALUES {rows} ON CONFLICT ( {keys} ) ${UPDATE}`,
  finish: [ANALYZE],
};

/** Rows are staged, and moved on by each batch. What a staging table is like decides what is behind INSERT. */
function staged(
  staging: string,
  overriding = "",
): { readonly append: Recipe; readonly upsert: Recipe } {
  const stage = [DROP_STAGING, staging];
  const write = (ordinal: string) =>
    `INSERT INTO {staging} ( {columns} ${ordinal} )${overriding} VALUES {rows}`;
  return {
    append: {
      stage,
      write: write("[, {ordinal}]"),
      merge: [`${INSERT} SELECT {columns} FROM {staging} [ORDER BY {ordinal}]`],
      finish: [ANALYZE],
    },
    // Of rows with one key, the last one: the first in the order of falling ordinals.
    upsert: {
      stage,
      write: write(", {ordinal}"),
      merge: [
        `${INSERT} SELECT DISTINCT ON ( {keys} ) {columns} FROM {staging} ` +
        `ORDER BY {keys} , {ordinal} DESC ON CONFLICT ( {keys} ) ${UPDATE}`,
      ],
      finish: [ANALYZE],
    },
  };
}

const BY_STAGING = staged(STAGING);
/** What is generated always takes what the rows say, as it does by COPY. */
const BY_STAGING_LIKE = staged(STAGING_LIKE, " [OVERRIDING SYSTEM VALUE]");
/** The driver drops the shadow table, however the load ends. */
const ASIDE = {
  prepare: [
    `CREATE [UNLOGGED] TABLE {aside} <AS SELECT {columns} FROM {table} WITH NO DATA | ( ${LIKE} )>`,
  ],
  // By DELETE, the actions of foreign keys, row triggers and rules would change other tables.
  finish: ["TRUNCATE [TABLE] {table}", `${INSERT} SELECT {columns} FROM {aside}`, ANALYZE],
};

/** What plans for PostgreSQL may look like; see `src/plan_policy/statement_pattern.ts`. */
export const POSTGRES_RECIPES: DialectRecipes = {
  named: {
    type:
      "<BOOLEAN | BOOL | SMALLINT | INT2 | INTEGER | INT | INT4 | BIGINT | INT8 | REAL | FLOAT4 | " +
      "DOUBLE PRECISION | FLOAT8 | NUMERIC %digits | DECIMAL %digits | TEXT | VARCHAR %size | " +
      "CHARACTER VARYING %size | CHAR %size | JSON | JSONB | BYTEA | DATE | UUID | " +
      "TIMESTAMPTZ %fraction | TIMESTAMP %fraction %zone | TIME %fraction %zone>",
    digits: "[( #1000 [, #1000] )]",
    fraction: "[( #6 )]",
    size: "[( #10485760 )]",
    zone: "[<WITH | WITHOUT> TIME ZONE]",
    definition: "{col} %type [[NOT] NULL]",
  },
  session: [
    "SET SYNCHRONOUS_COMMIT <TO | => <ON | OFF | LOCAL | REMOTE_WRITE | REMOTE_APPLY>",
    // Kilobytes: a gigabyte.
    "SET <WORK_MEM | MAINTENANCE_WORK_MEM> <TO | => #1048576",
    "SET JIT <TO | => <ON | OFF>",
  ],
  teardown: [],
  health: ["SELECT #", "SELECT <PG_IS_IN_RECOVERY | VERSION> ( )"],
  create: [
    "?CREATE TABLE [IF NOT EXISTS] {table} ( each( %definition ) [, PRIMARY KEY ( {keys} )] ) " +
    "[WITH ( FILLFACTOR = #100 )]",
  ],
  // Without casts: varchar(1) would cut a text that a column refuses, and the row still be counted.
  row: "( <{values} | each( {value} )> [, {ordinal}] )",
  recipes: {
    append: [BY_INSERT, BY_STAGING.append, BY_STAGING_LIKE.append],
    upsert: [BY_STAGING.upsert, UPSERT_BY_INSERT, BY_STAGING_LIKE.upsert],
    replace: [{
      ...ASIDE,
      write: "INSERT INTO {aside} ( {columns} ) [OVERRIDING SYSTEM VALUE] VALUES {rows}",
    }],
  },
  words: {
    refusedTypes: [
      ["SERIAL* BIGSERIAL SMALLSERIAL", "it makes a sequence beside the table"],
      ["NAME", "it cuts a text at 63 bytes without a word"],
      ["MONEY", "it rounds, and in another way on each server"],
      ["TSVECTOR GTSVECTOR TSQUERY", "it keeps the words of a text, not the text"],
      ["HSTORE", "of two values of one key it keeps one"],
      [
        "OID OIDVECTOR XID XID8 CID",
        "it keeps another number than a negative one that was sent",
      ],
      [
        "INTERVAL TIMETZ TSRANGE TSTZRANGE TSMULTIRANGE TSTZMULTIRANGE",
        "it rounds to microseconds",
      ],
      ["POINT LINE LSEG BOX PATH POLYGON CIRCLE CUBE SEG", "it rounds numbers to floating point"],
      ["REG*", "it keeps a number where a name was sent"],
      ["CSTRING INTERNAL TRIGGER RECORD VOID UNKNOWN ANY* PG_*", "it is no type of a column"],
    ],
    // A crash of the server empties it, whatever the ledger says of its load.
    optionsAhead: ["UNLOGGED"],
    optionsBehind: true,
    settings: {
      // Milliseconds: each may take the place of what the operator has set for the role.
      statement_timeout: "#1000-86400000",
      lock_timeout: "#100-86400000",
      // Pages of 8 KiB: a gigabyte.
      temp_buffers: "#100-131072",
      gin_pending_list_limit: "#64-1048576",
      effective_io_concurrency: "#0-1000",
      maintenance_io_concurrency: "#0-1000",
      max_parallel_workers_per_gather: "#0-64",
      max_parallel_maintenance_workers: "#0-64",
      plan_cache_mode: "<AUTO | FORCE_CUSTOM_PLAN | FORCE_GENERIC_PLAN>",
      default_toast_compression: "<PGLZ | LZ4>",
      client_min_messages: "<NOTICE | WARNING | ERROR>",
    },
    set: ["SET [SESSION]", "<TO | =>"],
  },
};

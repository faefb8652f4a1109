/**
 * Hostile plans for PostgreSQL that
 * reach other tables, the ledger or the target's definition, or make what nobody asked for.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "alter_a_type",
    what: "Has every text of the table cut.",
    plan: {
      prepare: [
        "ALTER TABLE {table} ALTER COLUMN {col:1} TYPE varchar(1) USING CAST({col:1} AS varchar(1))",
      ],
    },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and ALTER TABLE {table} does: a plan changes no table, role or setting",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "call_a_procedure",
    what: "Runs what others have stored.",
    plan: { session: ["CALL clean_up()"] },
    refused: { recipe: "session[0]: CALL stands where SET belongs: it runs code of its own" },
    harm: ["another table"],
  },
  {
    name: "create_a_unique_index",
    what: "Has rows refused that were in order.",
    plan: { prepare: ["CREATE UNIQUE INDEX once ON {table} ({col:1})"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE UNIQUE INDEX does: a plan makes its own tables and nothing else",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the table itself"],
  },
  {
    name: "create_another_table_too",
    what: "Makes a table of its own beside it.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} bigint, {col:1} text, {col:2} text)",
        "CREATE TABLE mine (secret text)",
      ],
    },
    refused: {
      recipe: "create[1]: no statement may stand there, and CREATE TABLE MINE does",
      verifier: "create[1]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the table itself", "other objects"],
  },
  {
    name: "create_extension",
    what: "Has the server load code.",
    plan: { prepare: ["CREATE EXTENSION dblink"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE EXTENSION DBLINK does: it has the database run other code",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["other objects"],
  },
  {
    name: "create_function",
    what: "Leaves code behind.",
    plan: { prepare: ["CREATE FUNCTION h() RETURNS bigint LANGUAGE sql RETURN 1"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE FUNCTION H does: it runs code of its own",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["other objects"],
  },
  {
    name: "create_rule",
    what: "Has the table take rows and keep none.",
    plan: { prepare: ["CREATE RULE r AS ON INSERT TO {table} DO INSTEAD NOTHING"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE RULE R does: it runs code of its own",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_trigger",
    what: "Leaves code behind for later.",
    plan: { prepare: ["CREATE TRIGGER x AFTER INSERT ON {table} EXECUTE FUNCTION f()"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE TRIGGER X does: it runs code of its own",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table", "the table itself"],
  },
  {
    name: "create_unlogged",
    what: "Makes a table that a crash empties.",
    plan: {
      create: ["CREATE UNLOGGED TABLE {table} ({col:0} bigint, {col:1} text, {col:2} text)"],
    },
    refused: {
      recipe: "create[0]: UNLOGGED stands where TABLE belongs: what it makes is not kept",
      verifier: "create[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the table itself"],
  },
  {
    name: "create_view",
    what: "Leaves a window behind.",
    plan: { prepare: ["CREATE VIEW v AS SELECT secret FROM other"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE VIEW V does: a plan makes its own tables and nothing else",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["other objects"],
  },
  {
    name: "cte_that_deletes",
    what: "Hides a deletion in an insertion.",
    plan: {
      merge: [
        "WITH gone AS (DELETE FROM other RETURNING {col:0}) INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE 1 = 0",
      ],
    },
    refused: {
      recipe:
        "merge[0]: no statement may stand there, and WITH GONE AS does: a plan deletes no rows, except all of a table that a replace fills again",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table"],
  },
  {
    name: "delete_from_the_ledger",
    what: "Has the host forget what it has loaded.",
    plan: { merge: ["DELETE FROM _snakepipe_batch"] },
    refused: {
      recipe:
        "merge[0]: no statement may stand there, and DELETE FROM _SNAKEPIPE_BATCH does: a plan deletes no rows, except all of a table that a replace fills again",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the ledger"],
  },
  {
    name: "delete_where_truncate_belongs",
    what: "Empties the table row by row, so that what refers to it is deleted with it.",
    mode: "replace",
    found: "referred",
    plan: {
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
    refused: {
      recipe:
        "finish[0]: DELETE stands where TRUNCATE belongs: a plan deletes no rows, except all of a table that a replace fills again",
      verifier: "finish[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the table itself"],
  },
  {
    name: "disable_triggers",
    what: "Switches the table's own rules off.",
    plan: { prepare: ["ALTER TABLE {table} DISABLE TRIGGER ALL"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and ALTER TABLE {table} does: a plan changes no table, role or setting",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the table itself"],
  },
  {
    name: "drop_a_column",
    what: "Drops a column with what is in it.",
    plan: { prepare: ["ALTER TABLE {table} DROP COLUMN {col:1}"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and ALTER TABLE {table} does: a plan changes no table, role or setting",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "drop_another_table",
    what: "Drops a table that it was not handed.",
    plan: { prepare: ["DROP TABLE other"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and DROP TABLE OTHER does: a plan removes nothing but what its own recipe names",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "drop_as_it_closes",
    what: "Waits with it until sessions end.",
    plan: { teardown: ["DROP TABLE other"] },
    refused: {
      recipe:
        "teardown[0]: no statement may stand there, and DROP TABLE OTHER does: a plan removes nothing but what its own recipe names",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "drop_at_the_end_of_an_append",
    what: "Drops it once everything is in.",
    plan: { finish: ["DROP TABLE {table}"] },
    refused: {
      recipe:
        "finish[0]: no statement may stand there, and DROP TABLE {table} does: a plan removes nothing but what its own recipe names",
      verifier: "finish[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "drop_behind_a_replace",
    what: "Drops another table once rows are replaced.",
    mode: "replace",
    plan: {
      finish: [
        "TRUNCATE TABLE {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
        "DROP TABLE other CASCADE",
      ],
    },
    refused: {
      recipe:
        "finish[2]: no statement may stand there, and DROP TABLE OTHER does: a plan removes nothing but what its own recipe names",
      verifier: "finish[2]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "grant",
    what: "Opens the table to everybody.",
    plan: { prepare: ["GRANT ALL ON {table} TO PUBLIC"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and GRANT ALL ON does: it changes who may do what",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the table itself"],
  },
  {
    name: "insert_into_another_table_of_a_server",
    what: "Writes the rows into another table.",
    plan: { write: { insert: "INSERT INTO other ({columns}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: OTHER stands where {table} belongs",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table", "another table"],
  },
  {
    name: "insert_that_returns_of_a_server",
    what: "Calls a function for each row.",
    plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows} RETURNING g()" } },
    refused: {
      recipe: "insert.sql: RETURNING stands where its end belongs: it calls functions for each row",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table"],
  },
  {
    name: "large_object",
    what: "Deletes what is in no table.",
    plan: { finish: ["SELECT lo_unlink(1)"] },
    refused: {
      recipe:
        "finish[0]: no statement may stand there, and SELECT LO_UNLINK ( does: it reads what was not sent",
      verifier: "finish[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["other objects"],
  },
  {
    name: "name_that_is_cut_to_another",
    what: "Names a table by a name that the server cuts.",
    plan: { prepare: [`DROP TABLE ${"o".repeat(70)}`] },
    refused: {
      recipe: `prepare[0]: no statement may stand there, and DROP TABLE ${
        "O".repeat(70)
      } does: a plan removes nothing but what its own recipe names`,
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["other objects"],
  },
  {
    name: "owner",
    what: "Gives the table away.",
    plan: { prepare: ["ALTER TABLE {table} OWNER TO evil"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and ALTER TABLE {table} does: a plan changes no table, role or setting",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the table itself"],
  },
  {
    name: "rename_over_the_table",
    what: "Loses grants, views and foreign keys.",
    mode: "replace",
    plan: { finish: ["DROP TABLE {table}", "ALTER TABLE {aside} RENAME TO {table_name}"] },
    refused: {
      recipe:
        "finish[0]: DROP stands where TRUNCATE belongs: a plan removes nothing but what its own recipe names",
      verifier: "finish[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the table itself"],
  },
  {
    name: "table_made_unlogged",
    what: "Has a crash of the server empty the table.",
    plan: { finish: ["ALTER TABLE {table} SET UNLOGGED"] },
    refused: {
      recipe:
        "finish[0]: no statement may stand there, and ALTER TABLE {table} does: a plan changes no table, role or setting",
      verifier: "finish[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the table itself"],
  },
  {
    name: "truncate_with_what_refers_to_it",
    what: "Empties the tables that refer to this one.",
    mode: "replace",
    found: "referred",
    plan: {
      finish: [
        "TRUNCATE TABLE {table} CASCADE",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
    refused: {
      recipe:
        "finish[0]: CASCADE stands where its end belongs: it reaches whatever depends on the table",
      verifier: "finish[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the table itself"],
  },
  {
    name: "update_of_the_ledger",
    what: "Says that the load is complete.",
    plan: { merge: ["UPDATE _snakepipe_load SET complete = true"] },
    refused: {
      recipe:
        "merge[0]: no statement may stand there, and UPDATE _SNAKEPIPE_LOAD SET does: a plan changes rows only by the keys of an upsert",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the ledger"],
  },
];

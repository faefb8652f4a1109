/**
 * Hostile plans for DuckDB that
 * are written with what no statement needs, or with slots that have no meaning there.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "attach_a_file",
    what: "Opens another database.",
    plan: { prepare: ["ATTACH 'other.duckdb' AS other"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'prepare[0]: it carries "\'"',
      recipe: 'prepare[0]: it carries "\'"',
      verifier: "prepare[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["other objects", "files"],
  },
  {
    name: "attach_in_a_session",
    what: "Opens another database before anything.",
    plan: { session: ["ATTACH 'other.duckdb'"] },
    refused: {
      tokens:
        'session[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      recipe: 'session[0]: it carries "\'"',
    },
    harm: ["other objects", "files"],
  },
  {
    name: "comment_on_the_table",
    what: "Takes away the mark by which the table is known.",
    plan: { prepare: ["COMMENT ON TABLE {table} IS 'mine'"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'prepare[0]: it carries "\'"',
      recipe: 'prepare[0]: it carries "\'"',
      verifier: "prepare[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["the table itself"],
  },
  {
    name: "comment_to_the_end",
    what: "What stands behind it is not read.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} -- VALUES {rows}",
      },
    },
    refused: {
      tokens: "insert.sql: it carries a comment",
      recipe: "insert.sql: SELECT stands where VALUES belongs: it reads what was not sent",
      verifier: "insert.sql: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "comment_within",
    what: "Hides every row but the first.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({values}) /* x */ -- ",
      },
    },
    refused: {
      tokens: "insert.row: it carries a comment",
      slots: 'insert.row: it carries "/"',
      recipe: 'insert.row: it carries "/"',
      verifier: "insert.sql: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "copy_another_table_to_a_file",
    what: "Writes another table to a file.",
    plan: { prepare: ["COPY other TO 'evil'"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'prepare[0]: it carries "\'"',
      recipe: 'prepare[0]: it carries "\'"',
      verifier: "prepare[0]: DuckDB does not take it",
    },
    harm: ["files"],
  },
  {
    name: "copy_from_a_file",
    what: "Fills the table from a file.",
    plan: { prepare: ["COPY {table} FROM 'secret.csv'"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'prepare[0]: it carries "\'"',
      recipe: 'prepare[0]: it carries "\'"',
      verifier: "prepare[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "copy_to_a_file",
    what: "Writes the table to a file.",
    plan: { finish: ["COPY {table} TO 'out.csv'"] },
    refused: {
      tokens:
        'finish[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'finish[0]: it carries "\'"',
      recipe: 'finish[0]: it carries "\'"',
      verifier: "finish[0]: DuckDB does not take it",
    },
    harm: ["files"],
  },
  {
    name: "dollar_quotes",
    what: "A text in dollars.",
    plan: { prepare: ["DELETE FROM other WHERE secret = $$kept$$"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "$": dollars begin texts and parameters; values come from rows alone',
      slots: 'prepare[0]: it carries "$"',
      recipe: 'prepare[0]: it carries "$"',
      verifier: "prepare[0]: DuckDB does not take it",
    },
    harm: ["another table"],
  },
  {
    name: "export_the_database",
    what: "Writes all tables to a folder.",
    plan: { finish: ["EXPORT DATABASE 'out'"] },
    refused: {
      tokens:
        'finish[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'finish[0]: it carries "\'"',
      recipe: 'finish[0]: it carries "\'"',
      verifier: "finish[0]: DuckDB does not take it",
    },
    harm: ["files"],
  },
  {
    name: "import_a_database",
    what: "Runs what stands in a folder.",
    plan: { prepare: ["IMPORT DATABASE 'in'"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'prepare[0]: it carries "\'"',
      recipe: 'prepare[0]: it carries "\'"',
      verifier: "prepare[0]: DuckDB does not take it",
    },
    harm: ["other objects"],
  },
  {
    name: "names_that_touch_of_an_engine",
    what: "Makes one name of two.",
    plan: { prepare: ["DROP TABLE {table_name}{table_name}"] },
    refused: {
      slots: "prepare[0]: a slot touches what stands before it",
      recipe: "prepare[0]: a slot touches what stands before it",
      verifier: "prepare[0]: DuckDB does not take it",
    },
    harm: ["other objects"],
  },
  {
    name: "query_of_a_text",
    what: "A text is run as a query.",
    mode: "upsert",
    plan: {
      merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM query('SELECT * FROM other')"],
    },
    refused: {
      tokens:
        'merge[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'merge[0]: it carries "\'"',
      recipe: 'merge[0]: it carries "\'"',
      verifier: "merge[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "read_a_csv_file",
    what: "Fills the table from a file of the machine.",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) SELECT {columns} FROM read_csv('secret.csv') -- {rows}",
      },
    },
    refused: {
      tokens: "insert.sql: it carries a comment",
      slots: 'insert.sql: it carries "\'"',
      recipe: 'insert.sql: it carries "\'"',
      verifier: "insert.sql: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "read_a_text_file",
    what: "Fills the table from the bytes of a file.",
    plan: { finish: ["INSERT INTO {table} ({col:1}) SELECT content FROM read_text('secret.csv')"] },
    refused: {
      tokens:
        'finish[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'finish[0]: it carries "\'"',
      recipe: 'finish[0]: it carries "\'"',
      verifier: "finish[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_cast_in_short",
    what: "A cast by two colons.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}::BOOLEAN::BIGINT, {value:1}, {value:2})",
      },
    },
    refused: {
      tokens:
        'insert.row: it carries a sign that no statement needs, ":": a colon outside of a slot is a cast or a parameter',
      slots: 'insert.row: it carries ":"',
      recipe: 'insert.row: it carries ":"',
      verifier: "insert.sql: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_of_a_lambda",
    what: "A value goes through a lambda.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row:
          "({value:0}, list_first(list_transform(list_value({value:1}), lambda x: {value:2})), {value:2})",
      },
    },
    refused: {
      tokens:
        'insert.row: it carries a sign that no statement needs, ":": a colon outside of a slot is a cast or a parameter',
      slots: 'insert.row: it carries ":"',
      recipe: 'insert.row: it carries ":"',
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_of_a_list",
    what: "A value becomes a list.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, [{value:1}], {value:2})",
      },
    },
    refused: {
      tokens:
        'insert.row: it carries a sign that no statement needs, "[": a name or a list could stand in brackets; names come from slots alone',
      slots: 'insert.row: it carries "["',
      recipe: 'insert.row: it carries "["',
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_of_a_struct",
    what: "A value becomes a struct.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {a: {value:1}}, {value:2})",
      },
    },
    refused: {
      tokens:
        'insert.row: it carries a sign that no statement needs, ":": a colon outside of a slot is a cast or a parameter',
      slots:
        "insert.row: Statement of a plan carries an unknown slot {a: {value:1}: ({value:0}, {a: {value:1}}, {value:2})",
      recipe:
        "insert.row: Statement of a plan carries an unknown slot {a: {value:1}: ({value:0}, {a: {value:1}}, {value:2})",
      verifier: "Statement of a plan carries an unknown slot {a: {value:1}: ({value:0},",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_of_ordinals_beside_each_of_an_engine",
    what: "Adds a row to each.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({values}), ({ordinal}, NULL, NULL)",
      },
    },
    refused: {
      slots: "insert.sql: it must carry {ordinal} once where the row has it once",
      recipe: "insert.row: , stands where its end belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_with_a_tail",
    what: "Adds to each text.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1} || 'x', {value:2})",
      },
    },
    refused: {
      tokens:
        'insert.row: it carries a sign that no statement needs, "|": with it texts are put together',
      slots: 'insert.row: it carries "|"',
      recipe: 'insert.row: it carries "|"',
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_with_a_text",
    what: "Puts a text of its own into a column.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, '7', {value:2})",
      },
    },
    refused: {
      tokens:
        'insert.row: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'insert.row: it carries "\'"',
      recipe: 'insert.row: it carries "\'"',
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "rows_twice",
    what: "All rows come twice.",
    plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}, {rows}" } },
    refused: {
      slots: "insert.sql: it must carry {rows} once",
      recipe: "insert.sql: , stands where its end belongs",
      verifier: "insert.sql: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "scan_by_a_quoted_name",
    what: "Reads a file by a name in quotes.",
    mode: "upsert",
    plan: { merge: ['INSERT INTO {table} ({columns}) SELECT {columns} FROM "secret.csv"'] },
    refused: {
      tokens:
        'merge[0]: it carries a sign that no statement needs, "\\"": a quoted name could be that of another table; names come from slots alone',
      slots: 'merge[0]: it carries "\\""',
      recipe: 'merge[0]: it carries "\\""',
      verifier: "merge[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "scan_in_the_place_of_a_table",
    what: "A name in quotes is a file, where no table has it.",
    mode: "upsert",
    plan: { merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM 'secret.csv'"] },
    refused: {
      tokens:
        'merge[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'merge[0]: it carries "\'"',
      recipe: 'merge[0]: it carries "\'"',
      verifier: "merge[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "second_statement",
    what: "Two statements in one.",
    plan: { prepare: ["SELECT 1; DROP TABLE other"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, ";": behind a semicolon a second statement could stand',
      slots: 'prepare[0]: it carries ";"',
      recipe: 'prepare[0]: it carries ";"',
      verifier: "prepare[0]: to DuckDB it is not one statement",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "slot_of_a_table_in_a_row_of_an_engine",
    what: "Reads the table from within a row.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, (SELECT max({col:1}) FROM {table}), {value:2})",
      },
    },
    refused: {
      slots: "insert.row: the slot {col} has no meaning there",
      recipe: "insert.row: ( SELECT stands where {value:1} belongs: it reads what was not sent",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
];

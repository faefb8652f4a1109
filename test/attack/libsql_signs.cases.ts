/**
 * Hostile plans for SQLite that
 * are written with what no statement needs, or with slots that have no meaning there.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "comment_to_the_end",
    what: "Hides every row but the first.",
    plan: {
      write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}", row: "({values}) -- " },
    },
    refused: {
      tokens: "insert.row: it carries a comment",
      recipe: "insert.row: - stands where its end belongs",
      verifier: "insert.sql: SQLite does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "name_in_backticks",
    what: "Names a table in quotes of another dialect.",
    plan: { prepare: ["DROP TABLE `other`"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "`": a quoted name could be that of another table; names come from slots alone',
      slots: 'prepare[0]: it carries "`"',
      recipe: 'prepare[0]: it carries "`"',
      verifier: "prepare[0]: SQLite does not take it",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "name_in_brackets",
    what: "Names a table in brackets.",
    plan: { prepare: ["DROP TABLE [other]"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "[": a name or a list could stand in brackets; names come from slots alone',
      slots: 'prepare[0]: it carries "["',
      recipe: 'prepare[0]: it carries "["',
      verifier: "prepare[0]: SQLite does not take it",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "names_that_touch_of_a_file",
    what: "Makes one name of two.",
    plan: { prepare: ["DROP TABLE {table_name}{table_name}"] },
    refused: {
      slots: "prepare[0]: a slot touches what stands before it",
      recipe: "prepare[0]: a slot touches what stands before it",
      verifier: "prepare[0]: SQLite does not take it",
    },
    harm: ["other objects"],
  },
  {
    name: "row_of_blanks_for_a_file",
    what: "A row of blanks for the most part: thousands of it are longer than any text can be.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: `(${" ".repeat(60000)}{values})`,
      },
    },
    refused: {
      tokens: "insert.row: it carries more than 80 blanks in a row",
      slots: "insert.row: it carries more than 80 blanks in a row",
      recipe: "insert.row: it carries more than 80 blanks in a row",
    },
    harm: ["size"],
  },
  {
    name: "row_of_ordinals_beside_each",
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
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "rows_twice",
    what: "Writes each row twice.",
    plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}, {rows}" } },
    refused: {
      slots: "insert.sql: it must carry {rows} once",
      recipe: "insert.sql: , stands where its end belongs",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "rows_without_a_slot",
    what: "Writes rows of its own.",
    plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES (1, 2, 3)" } },
    refused: {
      slots: "insert.sql: it must carry {rows} once",
      recipe: "insert.sql: ( 1 stands where {rows} belongs",
      verifier: "insert.sql: SQLite does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "second_statement",
    what: "Brings a second statement along.",
    plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}; DROP TABLE other" } },
    refused: {
      tokens:
        'insert.sql: it carries a sign that no statement needs, ";": behind a semicolon a second statement could stand',
      slots: 'insert.sql: it carries ";"',
      recipe: 'insert.sql: it carries ";"',
    },
    harm: ["rows of the table", "another table", "other objects"],
  },
  {
    name: "slot_of_a_table_in_a_row",
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
      verifier: "insert.sql: to SQLite it asks for FUNCTION of max",
    },
    harm: ["rows of the table"],
  },
  {
    name: "tab_between_words",
    what: "Separates words by what nobody sees.",
    plan: { prepare: ["DROP\tTABLE other"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\\t": blanks and line ends are enough to separate words',
      recipe:
        "prepare[0]: no statement may stand there, and DROP TABLE OTHER does: a plan removes nothing but what its own recipe names",
      verifier: "prepare[0]: SQLite does not take it",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "trigger_in_a_file",
    what: "Leaves code behind for later.",
    plan: { prepare: ["CREATE TRIGGER x AFTER INSERT ON {table} BEGIN DELETE FROM other; END"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, ";": behind a semicolon a second statement could stand',
      slots: 'prepare[0]: it carries ";"',
      recipe: 'prepare[0]: it carries ";"',
      verifier: "prepare[0]: to SQLite it asks for CREATE_TRIGGER of x t",
    },
    harm: ["another table", "the table itself"],
  },
  {
    name: "vacuum_into",
    what: "Copies the database into a file.",
    plan: { teardown: ["VACUUM INTO 'evil'"] },
    refused: {
      tokens:
        'teardown[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      recipe: 'teardown[0]: it carries "\'"',
    },
    harm: ["files"],
  },
];

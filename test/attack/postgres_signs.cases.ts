/**
 * Hostile plans for PostgreSQL that
 * are written with what no statement needs, or with slots that have no meaning there.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "backslash_in_a_text",
    what: "Writes a file, by a name that is written in escapes.",
    plan: { prepare: ["COPY other TO PROGRAM E'cat > ev\\151l'"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'prepare[0]: it carries "\'"',
      recipe: 'prepare[0]: it carries "\'"',
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the server"],
  },
  {
    name: "cast_by_colons",
    what: "Casts by a sign.",
    plan: { finish: ["DELETE FROM {table} WHERE {col:0} = 1::bigint"] },
    refused: {
      tokens:
        'finish[0]: it carries a sign that no statement needs, ":": a colon outside of a slot is a cast or a parameter',
      slots: 'finish[0]: it carries ":"',
      recipe: 'finish[0]: it carries ":"',
      verifier: "finish[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "code_in_a_text",
    what: "Runs code of its own.",
    plan: { prepare: ["DO LANGUAGE plpgsql 'BEGIN DELETE FROM other; END'"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'prepare[0]: it carries "\'"',
      recipe: 'prepare[0]: it carries "\'"',
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table"],
  },
  {
    name: "columns_that_touch",
    what: "Makes one name of two columns.",
    plan: { prepare: ["DROP TABLE {col:0}{col:1}"] },
    refused: {
      slots: "prepare[0]: a slot touches what stands before it",
      recipe: "prepare[0]: a slot touches what stands before it",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["other objects"],
  },
  {
    name: "comment_in_between",
    what: "Hides words in a comment.",
    plan: { prepare: ["TRUNCATE /* once */ {table}"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "/": with a star behind it a comment begins, of which servers run some',
      slots: 'prepare[0]: it carries "/"',
      recipe: 'prepare[0]: it carries "/"',
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "copy_from_program",
    what: "Has the server run a program.",
    plan: { prepare: ["COPY other FROM PROGRAM 'touch evil'"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'prepare[0]: it carries "\'"',
      recipe: 'prepare[0]: it carries "\'"',
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the server"],
  },
  {
    name: "copy_to",
    what: "Writes another table to a file of the server.",
    plan: { prepare: ["COPY other TO PROGRAM 'cat > evil'"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'prepare[0]: it carries "\'"',
      recipe: 'prepare[0]: it carries "\'"',
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the server"],
  },
  {
    name: "dollar_quotes",
    what: "Brings a program in quotes that are none.",
    plan: { prepare: ["DO $$ BEGIN DELETE FROM other; END $$"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "$": dollars begin texts and parameters; values come from rows alone',
      slots: 'prepare[0]: it carries "$"',
      recipe: 'prepare[0]: it carries "$"',
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table"],
  },
  {
    name: "letters_beyond_ascii",
    what: "Names with letters that look like others.",
    plan: { prepare: ["DROP TABLE öther"] },
    refused: {
      tokens: 'prepare[0]: it carries a sign that no statement needs, "ö"',
      slots: 'prepare[0]: it carries "ö"',
      recipe: 'prepare[0]: it carries "ö"',
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["other objects"],
  },
  {
    name: "names_that_touch",
    what: "Makes one name of two.",
    plan: { prepare: ["DROP TABLE {table_name}{table_name}"] },
    refused: {
      slots: "prepare[0]: a slot touches what stands before it",
      recipe: "prepare[0]: a slot touches what stands before it",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["other objects"],
  },
  {
    name: "number_in_hex",
    what: "Writes a number so that it reads as a number and a word.",
    plan: { finish: ["DELETE FROM {table} WHERE {col:0} = 0x1"] },
    refused: {
      tokens: "finish[0]: a number touches a word",
      slots: "finish[0]: a number touches a word",
      recipe: "finish[0]: a number touches a word",
      verifier: "finish[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "ordinal_for_a_key",
    what: "Numbers the rows anew, which are other keys.",
    mode: "upsert",
    plan: {
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({ordinal}, {value:1}, {value:2}, {ordinal})",
      },
    },
    refused: {
      slots: "insert.sql: it must carry {ordinal} once where the row has it once",
      recipe: "insert.row: {ordinal} stands where {values} or {value:0} belongs",
    },
    harm: ["rows of the table"],
  },
  {
    name: "ordinal_for_a_value",
    what: "Puts a row's number into a column of the table.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {ordinal}, {value:2})",
      },
    },
    refused: {
      slots: "insert.sql: it must carry {ordinal} once where the row has it once",
      recipe: "insert.row: {ordinal} stands where {value:1} belongs",
    },
    harm: ["rows of the table"],
  },
  {
    name: "ordinal_that_is_not_sent",
    what: "Has no number for rows, so that the last of equal ones is not known.",
    mode: "upsert",
    plan: {
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, 0)",
      },
    },
    refused: {
      slots: "insert.sql: it must carry {ordinal} once where the row has it once",
      recipe: "insert.row: 0 stands where {ordinal} belongs",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "ordinal_twice",
    what: "Sends an ordinal in the place of a value.",
    mode: "upsert",
    plan: {
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({value:0}, {value:1}, {ordinal}, {ordinal})",
      },
    },
    refused: {
      slots: "insert.sql: it must carry {ordinal} once where the row has it once",
      recipe: "insert.row: {ordinal} stands where {value:2} belongs",
    },
    harm: ["rows of the table"],
  },
  {
    name: "quoted_name",
    what: "Names a table that it was not handed.",
    plan: { prepare: ['DROP TABLE "other"'] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\\"": a quoted name could be that of another table; names come from slots alone',
      slots: 'prepare[0]: it carries "\\""',
      recipe: 'prepare[0]: it carries "\\""',
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "row_of_blanks",
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
    name: "second_statement_to_a_server",
    what: "Brings one along where another protocol would run it.",
    plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}; DROP TABLE other" } },
    refused: {
      tokens:
        'insert.sql: it carries a sign that no statement needs, ";": behind a semicolon a second statement could stand',
      slots: 'insert.sql: it carries ";"',
      recipe: 'insert.sql: it carries ";"',
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table", "another table", "other objects"],
  },
  {
    name: "slots_that_touch",
    what: "Two quoted names side by side are one name with a quote in it.",
    plan: { prepare: ["DROP TABLE {table}{table_name}"] },
    refused: {
      slots: "prepare[0]: a slot touches what stands before it",
      recipe: "prepare[0]: a slot touches what stands before it",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["other objects"],
  },
  {
    name: "tab_between_words_of_a_server",
    what: "Separates words by what is neither a blank nor the end of a line.",
    plan: { prepare: ["DROP\tTABLE other"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\\t": blanks and line ends are enough to separate words',
      recipe:
        "prepare[0]: no statement may stand there, and DROP TABLE OTHER does: a plan removes nothing but what its own recipe names",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "text_in_dollars_with_a_name",
    what: "Has a text without quotes.",
    plan: { prepare: ["DELETE FROM other WHERE secret = $q$kept$q$"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "$": dollars begin texts and parameters; values come from rows alone',
      slots: 'prepare[0]: it carries "$"',
      recipe: 'prepare[0]: it carries "$"',
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table"],
  },
  {
    name: "text_literal",
    what: "Names a file.",
    plan: { prepare: ["DELETE FROM other WHERE secret = 'kept'"] },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'prepare[0]: it carries "\'"',
      recipe: 'prepare[0]: it carries "\'"',
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table"],
  },
];

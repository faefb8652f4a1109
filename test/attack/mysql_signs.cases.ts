/**
 * Hostile plans for MySQL and MariaDB that
 * are written with what no statement needs, or with slots that have no meaning there.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "bytes_in_hex",
    what: "Writes a text without a quote.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, 0x736563726574)",
      },
    },
    refused: {
      tokens: "insert.row: a number touches a word",
      slots: "insert.row: a number touches a word",
      recipe: "insert.row: a number touches a word",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "bytes_in_hex_by_a_letter",
    what: "The same, with quotes.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, x'61')",
      },
    },
    refused: {
      tokens:
        'insert.row: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'insert.row: it carries "\'"',
      recipe: 'insert.row: it carries "\'"',
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "comment_by_a_hash",
    what: "Hides every row but the first.",
    plan: {
      write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}", row: "({values}) # " },
    },
    refused: {
      tokens:
        'insert.row: it carries a sign that no statement needs, "#": behind it everything is a comment',
      slots: 'insert.row: it carries "#"',
      recipe: 'insert.row: it carries "#"',
      verifier: "insert.sql: it has a comment",
    },
    harm: ["rows of the table"],
  },
  {
    name: "comment_by_dashes",
    what: "Hides every row but the first.",
    plan: {
      write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}", row: "({values}) -- " },
    },
    refused: {
      tokens: "insert.row: it carries a comment",
      recipe: "insert.row: - stands where its end belongs",
      verifier: "insert.sql: it has a comment",
    },
    harm: ["rows of the table"],
  },
  {
    name: "comment_that_is_run",
    what: "Hides words in a comment that MySQL runs.",
    found: "keyed",
    plan: { write: { insert: "INSERT /*!50000 IGNORE */ INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      tokens:
        'insert.sql: it carries a sign that no statement needs, "/": with a star behind it a comment begins, of which servers run some',
      slots: 'insert.sql: it carries "/"',
      recipe: 'insert.sql: it carries "/"',
      verifier: "insert.sql: it has a comment",
    },
    harm: ["rows of the table"],
  },
  {
    name: "comment_that_mariadb_runs",
    what: "Hides words in a comment that MariaDB alone runs.",
    found: "keyed",
    plan: { write: { insert: "INSERT /*M! IGNORE */ INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      tokens:
        'insert.sql: it carries a sign that no statement needs, "/": with a star behind it a comment begins, of which servers run some',
      slots: 'insert.sql: it carries "/"',
      recipe: 'insert.sql: it carries "/"',
      verifier: "insert.sql: it has a comment",
    },
    harm: ["rows of the table"],
  },
  {
    name: "file_dumped_by_a_query",
    what: "Writes a file of the server's, byte by byte.",
    plan: { finish: ["SELECT secret FROM other LIMIT 1 INTO DUMPFILE 'evil'"] },
    refused: {
      tokens:
        'finish[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'finish[0]: it carries "\'"',
      recipe: 'finish[0]: it carries "\'"',
      verifier: "finish[0]: no statement may stand there",
    },
    harm: ["files"],
  },
  {
    name: "file_of_the_client_read_by_load_data",
    what: "Asks the loader for a file of its own.",
    plan: { finish: ["LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE {table}"] },
    refused: {
      tokens:
        'finish[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'finish[0]: it carries "\'"',
      recipe: 'finish[0]: it carries "\'"',
      verifier: "finish[0]: no statement may stand there",
    },
    harm: ["rights"],
  },
  {
    name: "file_read_by_load_data",
    what: "Loads a file of the server's into the table.",
    plan: { finish: ["LOAD DATA INFILE '/etc/passwd' INTO TABLE {table} ({col:1})"] },
    refused: {
      tokens:
        'finish[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'finish[0]: it carries "\'"',
      recipe: 'finish[0]: it carries "\'"',
      verifier: "finish[0]: no statement may stand there",
    },
    harm: ["rows of the table"],
  },
  {
    name: "file_read_by_load_xml",
    what: "The same, by the statement's sister.",
    plan: { finish: ["LOAD XML LOCAL INFILE '/etc/passwd' INTO TABLE {table}"] },
    refused: {
      tokens:
        'finish[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'finish[0]: it carries "\'"',
      recipe: 'finish[0]: it carries "\'"',
      verifier: "finish[0]: no statement may stand there",
    },
    harm: ["rights"],
  },
  {
    name: "file_written_by_a_query",
    what: "Writes a file of the server's.",
    mode: "replace",
    plan: {
      prepare: [
        "SELECT {columns} FROM {table} INTO OUTFILE 'evil'",
        "CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0",
      ],
    },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'prepare[0]: it carries "\'"',
      recipe: 'prepare[0]: it carries "\'"',
      verifier: "prepare[0]: to MySQL it is another statement",
    },
    harm: ["files"],
  },
  {
    name: "file_written_by_its_bytes",
    what: "Names a file without quotes.",
    plan: { finish: ["SELECT secret FROM other INTO OUTFILE 'evil' FIELDS TERMINATED BY 0x2c"] },
    refused: {
      tokens:
        'finish[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'finish[0]: it carries "\'"',
      recipe: 'finish[0]: it carries "\'"',
      verifier: "finish[0]: no statement may stand there",
    },
    harm: ["files"],
  },
  {
    name: "global_variable_set_by_at_signs",
    what: "The same, written another way.",
    plan: { session: ["SET @@GLOBAL.max_connections = 1"] },
    refused: {
      tokens:
        'session[0]: it carries a sign that no statement needs, "@": variables outlive their statement',
      recipe: 'session[0]: it carries "@"',
    },
    harm: ["rights"],
  },
  {
    name: "insert_by_set",
    what: "Writes one row in the form that MySQL alone has.",
    plan: { write: { insert: "INSERT INTO {table} SET {col:0} = 1" } },
    refused: {
      slots: "insert.sql: it must carry {rows} once",
      recipe: "insert.sql: SET stands where ( belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "name_in_double_quotes",
    what: "Names another table.",
    plan: { write: { insert: 'INSERT INTO "other" ({columns}) VALUES {rows}' } },
    refused: {
      tokens:
        'insert.sql: it carries a sign that no statement needs, "\\"": a quoted name could be that of another table; names come from slots alone',
      slots: 'insert.sql: it carries "\\""',
      recipe: 'insert.sql: it carries "\\""',
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table", "another table"],
  },
  {
    name: "name_in_grave_accents",
    what: "Names another table.",
    plan: { write: { insert: "INSERT INTO `other` ({columns}) VALUES {rows}" } },
    refused: {
      tokens:
        'insert.sql: it carries a sign that no statement needs, "`": a quoted name could be that of another table; names come from slots alone',
      slots: 'insert.sql: it carries "`"',
      recipe: 'insert.sql: it carries "`"',
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table", "another table"],
  },
  {
    name: "run_at_once",
    what: "The same, as MariaDB can.",
    mode: "replace",
    plan: {
      prepare: [
        "EXECUTE IMMEDIATE 0x44454c4554452046524f4d206f74686572",
        "CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0",
      ],
    },
    refused: {
      tokens: "prepare[0]: a number touches a word",
      slots: "prepare[0]: a number touches a word",
      recipe: "prepare[0]: a number touches a word",
      verifier: "prepare[0]: MySQL's grammar does not know it",
    },
    harm: ["another table"],
  },
  {
    name: "run_from_a_text",
    what: "Runs a text.",
    mode: "replace",
    plan: {
      prepare: [
        "EXECUTE IMMEDIATE 'DELETE FROM other'",
        "CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0",
      ],
    },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'prepare[0]: it carries "\'"',
      recipe: 'prepare[0]: it carries "\'"',
      verifier: "prepare[0]: MySQL's grammar does not know it",
    },
    harm: ["another table"],
  },
  {
    name: "second_statement_by_a_semicolon",
    what: "Sends a second statement behind the first.",
    plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}; DROP TABLE other" } },
    refused: {
      tokens:
        'insert.sql: it carries a sign that no statement needs, ";": behind a semicolon a second statement could stand',
      slots: 'insert.sql: it carries ";"',
      recipe: 'insert.sql: it carries ";"',
      verifier: "insert.sql: to MySQL it is several statements",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "server_named",
    what: "Names another server, whose tables are then here.",
    mode: "replace",
    plan: {
      prepare: [
        "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'h')",
        "CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0",
      ],
    },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'prepare[0]: it carries "\'"',
      recipe: 'prepare[0]: it carries "\'"',
      verifier: "prepare[0]: MySQL's grammar does not know it",
    },
    harm: ["rights"],
  },
  {
    name: "system_variable_read",
    what: "Sends a setting of the server in the place of a value.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, @@datadir)",
      },
    },
    refused: {
      tokens:
        'insert.row: it carries a sign that no statement needs, "@": variables outlive their statement',
      slots: 'insert.row: it carries "@"',
      recipe: 'insert.row: it carries "@"',
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_in_another_folder",
    what: "Puts a table's file anywhere on the server.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys})) ENGINE = InnoDB DATA DIRECTORY = '/tmp'",
      ],
    },
    refused: {
      tokens:
        'create[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'create[0]: it carries "\'"',
      recipe: 'create[0]: it carries "\'"',
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["the table itself"],
  },
  {
    name: "table_of_columns_of_a_list",
    what: "Takes few values, and numbers for their places.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} BIGINT, {col:1} ENUM('a', 'b'), {col:2} TEXT, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      tokens:
        'create[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'create[0]: it carries "\'"',
      recipe: 'create[0]: it carries "\'"',
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "text_in_double_quotes",
    what: "Writes a text, which a mode makes a name.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: '({value:0}, {value:1}, "secret")',
      },
    },
    refused: {
      tokens:
        'insert.row: it carries a sign that no statement needs, "\\"": a quoted name could be that of another table; names come from slots alone',
      slots: 'insert.row: it carries "\\""',
      recipe: 'insert.row: it carries "\\""',
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["the server"],
  },
  {
    name: "text_in_quotes",
    what: "Writes a text of its own into each row.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, 'x')",
      },
    },
    refused: {
      tokens:
        'insert.row: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'insert.row: it carries "\'"',
      recipe: 'insert.row: it carries "\'"',
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "time_zone_set",
    what: "Moves all instants.",
    plan: { session: ["SET SESSION time_zone = '+05:00'"] },
    refused: {
      tokens:
        'session[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      recipe: 'session[0]: it carries "\'"',
    },
    harm: ["the session"],
  },
  {
    name: "user_made",
    what: "Makes a user.",
    mode: "replace",
    plan: {
      prepare: [
        "CREATE USER u IDENTIFIED BY 'u'",
        "CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0",
      ],
    },
    refused: {
      tokens:
        'prepare[0]: it carries a sign that no statement needs, "\'": in quotes a text could say what no statement says; values come from rows alone',
      slots: 'prepare[0]: it carries "\'"',
      recipe: 'prepare[0]: it carries "\'"',
      verifier: "prepare[0]: to MySQL it is another statement",
    },
    harm: ["the server"],
  },
  {
    name: "user_variable_kept",
    what: "Keeps a row in a variable of the session.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, @a := {value:2})",
      },
    },
    refused: {
      tokens:
        'insert.row: it carries a sign that no statement needs, "@": variables outlive their statement',
      slots: 'insert.row: it carries "@"',
      recipe: 'insert.row: it carries "@"',
      verifier: "insert.sql: MySQL's grammar does not know it",
    },
    harm: ["the session"],
  },
  {
    name: "user_variable_read",
    what: "Sends what the session holds in the place of a value.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, @a)",
      },
    },
    refused: {
      tokens:
        'insert.row: it carries a sign that no statement needs, "@": variables outlive their statement',
      slots: 'insert.row: it carries "@"',
      recipe: 'insert.row: it carries "@"',
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "user_variable_set",
    what: "Keeps a value for later.",
    plan: { session: ["SET @a = 1"] },
    refused: {
      tokens:
        'session[0]: it carries a sign that no statement needs, "@": variables outlive their statement',
      recipe: 'session[0]: it carries "@"',
    },
    harm: ["the session"],
  },
  {
    name: "value_of_another_row",
    what: "Copies what stands before it.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, {col:1})",
      },
    },
    refused: {
      slots: "insert.row: the slot {col} has no meaning there",
      recipe: "insert.row: {col:1} stands where {value:2} belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
];

/** What the conformance suite has to know of MySQL and MariaDB. */
import type { FamilyConformance } from "../family_conformance.ts";
import { IDENTIFIER_CHARACTERS_MAX, quote } from "./names_and_types.ts";

/** See {@linkcode FamilyConformance}. */
export const MYSQL_CONFORMANCE: FamilyConformance = {
  database: "MariaDB",
  product: {
    query: "SELECT version() AS version",
    // As `10.11.6-MariaDB-0+deb12u1`, `8.0.36`, or `8.0.11-TiDB-v7.5.0`.
    nameOf: (text) => {
      const [, version, , name = "MySQL", own] =
        /^([\d.]+)(-([A-Za-z]\w*)(?:-v([\d.]+))?)?/.exec(text) ?? [text, text];
      return `${name} ${own ?? version}`;
    },
  },
  words: {
    types: {
      boolean: "tinyint(1)",
      int16: "smallint",
      int32: "int",
      int64: "bigint",
      decimal: "decimal(65,30)",
      float32: "float",
      float64: "double",
      text: "longtext",
      json: "json",
      bytes: "longblob",
      date: "date",
      time: "time(6)",
      timestamp: "datetime(6)",
      timestamptz: "datetime(6)",
      uuid: "char(36)",
    },
    integer: "bigint",
    keyText: "varchar(100) COLLATE utf8mb4_nopad_bin",
    quote,
    // A DECIMAL prints all 30 digits that it has behind the point.
    textOf: (expression) =>
      `CASE WHEN ${expression} REGEXP '^-?[0-9]+[.][0-9]{30}$' ` +
      `THEN trim(TRAILING '.' FROM trim(TRAILING '0' FROM ${expression})) ` +
      `ELSE CONVERT(${expression} USING utf8mb4) END`,
    hexOf: (expression) => `lower(hex(CONVERT(${expression} USING utf8mb4)))`,
    hexOfBytes: (expression) => `lower(hex(${expression}))`,
    exactDouble: (expression) => `CONVERT(${expression} USING utf8mb4)`,
    instantOf: (expression) => `date_format(${expression}, '%Y-%m-%dT%H:%i:%s.%f')`,
    tables:
      "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = database()",
    nameCharactersMax: IDENTIFIER_CHARACTERS_MAX,
    columnsMax: 1_017,
    looseText: { type: "varchar(100) COLLATE utf8mb4_general_ci" },
    identity: "bigint AUTO_INCREMENT PRIMARY KEY",
    generated: (expression) => `bigint GENERATED ALWAYS AS (${expression}) STORED`,
    trigger: (table, into) => [
      `CREATE TRIGGER added AFTER INSERT ON ${table} FOR EACH ROW ` +
      `INSERT INTO ${into} VALUES (NEW.id)`,
    ],
    guard: (table) => [
      `CREATE TRIGGER guarded BEFORE INSERT ON ${table} FOR EACH ROW ` +
      "IF NEW.id = 13 THEN SIGNAL SQLSTATE '45000'; END IF",
    ],
  },
  quirks: {
    "names: a table's name with emoji": {
      is: "name_refused: …has a character beyond U+FFFF…",
      why: "No name has a character beyond U+FFFF",
    },
    "names: a column's name with emoji": {
      is: "name_refused: …has a character beyond U+FFFF…",
      why: "No name has a character beyond U+FFFF",
    },
    "types: decimal: zeros at the end": {
      is: { read: "1.1" },
      why: "A decimal keeps its number, and not how many zeros it was written with",
    },
    "types: float64: NaN": {
      is: { refused: "type" },
      why: "DOUBLE keeps no NaN: such a row is rejected",
    },
    "types: float64: infinite": {
      is: { refused: "data" },
      why: "DOUBLE keeps no infinities: such a row is rejected",
    },
    "keys: an upsert that would overwrite a row by another unique key refuses it": {
      is: {
        loads: ["table_refused: …has the unique index v (v) beside the key (id)…"],
        rows: [["1", "taken"]],
      },
      why: "An upsert names no key, so a table with a second unique one is refused",
    },
    "rules: exactly the rows that rules refuse are left out, each with place and reason (upsert)": {
      is: {
        loads: ["table_refused: …has the unique index u (u) beside the key (id)…"],
        rows: [],
      },
      why: "An upsert names no key, so a table with a second unique one is refused",
    },
    "rules: rows of a table that refers to itself find those before them (replace)": {
      is: { loads: ["table_refused: …refers to it by the foreign key…"], rows: [] },
      why: "Foreign keys are checked row by row, so a table that one refers to cannot be emptied",
    },
    "rules: a replace with the rows that others refer to changes nothing of them": {
      is: {
        loads: ["table_refused: …refers to it by the foreign key…", "table_refused: …"],
        rows: [["1", "old"], ["2", "old"]],
        other: [["10", "1"]],
      },
      why: "Foreign keys are checked row by row, so a table that one refers to cannot be emptied",
    },
  },
};

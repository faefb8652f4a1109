/** MySQL's SQL: how names are quoted, and declared types read. */
import type { ColumnType } from "../../../src/model/column_type.ts";
import type { SqlWords } from "../sql/words.ts";
import { PLACEHOLDER } from "./literal.ts";

/** Characters of an identifier, each of which has three bytes at the most. */
export const IDENTIFIER_CHARACTERS_MAX = 64;

/** See {@linkcode IDENTIFIER_CHARACTERS_MAX}. */
export const IDENTIFIER_BYTES_MAX = 3 * IDENTIFIER_CHARACTERS_MAX;

/** Characters of a text in a key: with a table's name and a number they make 3,064 bytes of 3,072. */
const KEY_CHARACTERS_MAX = 700;

/** A name as an identifier, whatever the session's mode. */
export function quote(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** Of columns, upper and lower case are one in any alphabet. */
export function foldCase(name: string): string {
  return name.toLowerCase();
}

/** Why the database takes no such name: "Schema Object Names" in the manual. */
function nameFault(name: string): string | undefined {
  const characters = [...name].length;
  if (characters > IDENTIFIER_CHARACTERS_MAX) {
    return `is ${characters} characters long, the database takes ${IDENTIFIER_CHARACTERS_MAX}`;
  }
  if (/[\u{10000}-\u{10FFFF}]/u.test(name)) {
    return "has a character beyond U+FFFF, which the database takes in no name";
  }
  return name.endsWith(" ") ? "ends with a blank, which the database takes in no name" : undefined;
}

/** What MySQL and MariaDB call things. */
export function mysqlWords({ isMariaDb }: { readonly isMariaDb: boolean }): SqlWords {
  return {
    identifierBytesMax: IDENTIFIER_BYTES_MAX,
    nameFault,
    // Literals are no parameters: a bound for the length of a text.
    parametersMax: 65_535,
    quote,
    foldCase,
    placeholder: () => PLACEHOLDER,
    temporarySchema: undefined,
    ddlCommits: true,
    returning: false,
    // Each batch would hold a lock on its load's row, and deadlock with whoever is about to commit.
    references: false,
    keyCharactersMax: KEY_CHARACTERS_MAX,
    types: {
      id: "CHAR(36)",
      integer: "BIGINT",
      text: "LONGTEXT",
      name: `VARCHAR(${IDENTIFIER_CHARACTERS_MAX})`,
      key: `VARCHAR(${KEY_CHARACTERS_MAX})`,
      json: "LONGTEXT",
      bytes: "LONGBLOB",
      time: "DATETIME(6)",
    },
    // Of other collations, `a` and `a ` are one name of a part.
    tableOptions: `ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE ${
      isMariaDb ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin"
    }`,
    columnsOf: (quoted) => {
      const [schema, name] = [...quoted.matchAll(/`((?:[^`]|``)*)`/g)].map(([, text]) =>
        `'${text!.replaceAll("``", "`").replaceAll("'", "''")}'`
      );
      return `SELECT COLUMN_NAME FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = ${schema} AND TABLE_NAME = ${name}`;
    },
    now: "utc_timestamp(6)",
    ledgers: "SELECT TABLE_SCHEMA FROM information_schema.TABLES " +
      "WHERE TABLE_NAME = '_snakepipe_load' AND TABLE_TYPE = 'BASE TABLE' " +
      "AND TABLE_SCHEMA = database()",
    timeText: (expression) => `date_format(${expression}, '%Y-%m-%dT%H:%i:%s.%fZ')`,
    forUpdate: "FOR UPDATE",
    hex: (expression) => `hex(${expression})`,
  };
}

const LOGICAL: Readonly<Record<string, ColumnType>> = {
  tinyint: "int16",
  smallint: "int16",
  mediumint: "int32",
  int: "int32",
  bigint: "int64",
  decimal: "decimal",
  float: "float32",
  double: "float64",
  char: "text",
  varchar: "text",
  tinytext: "text",
  text: "text",
  mediumtext: "text",
  longtext: "text",
  json: "json",
  binary: "bytes",
  varbinary: "bytes",
  tinyblob: "bytes",
  blob: "bytes",
  mediumblob: "bytes",
  longblob: "bytes",
  date: "date",
  time: "time",
  datetime: "timestamp",
  timestamp: "timestamptz",
  uuid: "uuid",
};

/** Types that have one bit more than the signed ones of their width. */
const UNSIGNED: Readonly<Record<string, ColumnType>> = {
  smallint: "int32",
  mediumint: "int32",
  int: "int64",
  bigint: "decimal",
};

/** The logical type of a column, by its DATA_TYPE and COLUMN_TYPE. */
export function columnTypeOf(dataType: string, columnType: string): ColumnType {
  if (/^(tinyint|bit)\(1\)$/.test(columnType)) return "boolean";
  if (columnType.includes("unsigned") && Object.hasOwn(UNSIGNED, dataType)) {
    return UNSIGNED[dataType]!;
  }
  return Object.hasOwn(LOGICAL, dataType) ? LOGICAL[dataType]! : "other";
}

/**
 * The state of a table: the number under which InnoDB stores it, and when its definition was written.
 * The number is another one after TRUNCATE, after whatever writes all rows again, and of a table that was
 * made again. Only users with the privilege PROCESS are shown it. For others, a table that had rows
 * and has none is known to have been emptied, and where a load goes on, its rows are counted.
 */
import type { Cell } from "../../codec/codec.ts";
import type { Place } from "../sql/host_tables.ts";
import type { TableChange, TableState, TableWatch } from "../sql/table_watch.ts";
import { quote } from "./names_and_types.ts";
import type { Server } from "./server.ts";

/** Watches a table. */
export function tableWatch(server: Server, place: Place): TableWatch {
  const { showsStorage } = server;
  const identity = identityOf(server, place);
  const filled = `EXISTS(SELECT 1 FROM ${quote(place.schema!)}.${quote(place.tableName)})`;
  return {
    looksBefore: !showsStorage,
    sql: () => showsStorage ? identity : `concat(${identity}, '|', ${filled})`,
    read(value: Cell): TableState {
      const [text, witness] = String(value ?? "").split("|");
      return witness === undefined ? { text: text! } : { text: text!, witness };
    },
    compare: showsStorage ? compareStored : compareSeen,
    needsCount: ({ witness }) => !showsStorage && witness === undefined,
    tellsMore: () => false,
  };
}

/**
 * SQL for what tells a table from another one of its name: its number, or else when its definition was
 * written, to the second.
 */
export function identityOf(
  { showsStorage, isMariaDb }: Server,
  { schema, tableName }: Place,
): string {
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  if (!showsStorage) {
    return `(SELECT CAST(CREATE_TIME AS CHAR) FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ${text(schema!)} AND TABLE_NAME = ${text(tableName)})`;
  }
  // Names are kept as those of files; partitions have theirs behind a `#`.
  const file = [schema!, tableName].map((name) =>
    `CAST(CONVERT(${text(name)} USING filename) AS BINARY)`
  );
  return `(SELECT CAST(min(TABLE_ID) AS CHAR) FROM information_schema.${
    isMariaDb ? "INNODB_SYS_TABLES" : "INNODB_TABLES"
  } WHERE CAST(substring_index(NAME, '#', 1) AS BINARY) = concat(${file.join(", '/', ")}))`;
}

/** Where a user noted the state who was not shown the number, rows have to be counted. */
function compareStored({ text: before }: TableState, { text: now }: TableState): TableChange {
  if (before === now) return "same";
  return /^\d+$/.test(before) ? "rewritten" : "unsure";
}

function compareSeen({ witness }: TableState, now: TableState): TableChange {
  if (witness === undefined) return "unsure";
  return witness === "1" && now.witness === "0" ? "rewritten" : "same";
}

/**
 * The state of a table: its oid and its file, and those of its partitions. The oid tells a table that was
 * made again. The file is another one after TRUNCATE, and after whatever else writes all rows again.
 * What adds a column, an index or a partition, and VACUUM, leaves them alone. Behind them stands the oid
 * of the host's own table, `@123`: where that is another by now, a dump was restored, and none of the
 * numbers means anything.
 *
 * A table that is unlogged, `16384:16400u`, is empty after a crash of the server, and none of these shows that.
 * No session outlives a crash: where another one, `#123`, has looked last, the rows are counted.
 */
import type { Cell } from "../../codec/codec.ts";
import { LOAD_TABLE } from "../inferred_types.ts";
import type { TableChange, TableState, TableWatch } from "../sql/table_watch.ts";
import { qualified } from "../sql/words.ts";
import { POSTGRES_WORDS } from "./names_and_types.ts";

/** Watches a table. */
export function tableWatch(schema: string, table: string): TableWatch {
  const found = classOf(schema, table);
  return {
    looksBefore: false,
    // The table itself comes first.
    sql: () =>
      `(SELECT pg_catalog.string_agg(c.oid::text || ':' || c.relfilenode::text ||
    CASE c.relpersistence WHEN 'u' THEN 'u' ELSE '' END, ' '
  ORDER BY c.oid <> ${found}, c.oid) || ' @' || ${classOf(schema, LOAD_TABLE)}::oid ||
  CASE WHEN pg_catalog.bool_or(c.relpersistence = 'u')
    THEN ' #' || pg_catalog.pg_backend_pid() ELSE '' END
FROM (SELECT ${found}::oid UNION SELECT relid::oid FROM pg_catalog.pg_partition_tree(${found}))
  AS part (oid) JOIN pg_catalog.pg_class c ON c.oid = part.oid)`,
    read(value: Cell): TableState {
      const [text = "", witness] = String(value ?? "").split(" #");
      return witness === undefined ? { text } : { text, witness };
    },
    compare,
    needsCount: ({ text, witness }) => isUnlogged(text) && witness === undefined,
    tellsMore: (before, now) => before.text !== now.text,
  };
}

/** SQL for a table by its name. */
function classOf(schema: string, table: string): string {
  const name = qualified(POSTGRES_WORDS, schema, table)
    .replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return `pg_catalog.to_regclass(E'${name}')`;
}

function compare(before: TableState, now: TableState): TableChange {
  const change = changeOf(before.text, now.text);
  if (change !== "same" || !isUnlogged(now.text)) return change;
  return before.witness !== undefined && before.witness === now.witness ? "same" : "unsure";
}

function isUnlogged(text: string): boolean {
  return /:\d+u\b/.test(text);
}

function changeOf(before: string, now: string): TableChange {
  if (before === now) return "same";
  const [was, is] = [before, now].map(filesOf);
  if ([...was!.keys()][0] !== [...is!.keys()][0]) return "made_anew";
  for (const [oid, file] of was!) if (is!.get(oid) !== file) return "rewritten";
  return "same";
}

/** Files by oid, in their order. */
function filesOf(text: string): Map<string, string> {
  const parts = text.split(" ").filter((part) => !/^[@#]/.test(part));
  return new Map(parts.map((part) => part.replace(/u$/, "").split(":") as [string, string]));
}

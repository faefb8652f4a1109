/** What sets DuckDB apart from other SQL databases. */
import { plainInsert } from "../../../src/plan_policy/plain_insert.ts";
import type { CellOptions } from "../../codec/codec.ts";
import type { RowWriterOptions, SqlFamily } from "../sql/family.ts";
import type { SessionError } from "../sql/failures.ts";
import { insertWriter } from "../sql/insert_writer.ts";
import { keptCodec } from "../sql/kept_cells.ts";
import type { RowWriter } from "../sql/row_writer.ts";
import { qualified } from "../sql/words.ts";
import { constraintColumns, placeOf, readLiveTable } from "./catalog.ts";
import { DUCKDB_WORDS } from "./names_and_types.ts";
import { DUCKDB_FAILURES } from "./failures.ts";
import { keptColumns } from "./kept_cell.ts";
import { ScanWriter } from "./scan_writer.ts";
import { readIndexes } from "./secondary_indexes.ts";
import type { DuckSession } from "./session.ts";
import { markStatement, tableWatch } from "./table_state.ts";
import { checkTarget } from "./target_check.ts";

/** See {@linkcode SqlFamily}. */
export const DUCKDB: SqlFamily<DuckSession> = {
  words: DUCKDB_WORDS,
  placeOf,
  readLiveTable,
  checkTarget,
  watchTable: (session, target) => Promise.resolve(tableWatch(session, target)),
  created: async (session, { place, table }) => {
    await session.run(markStatement(qualified(DUCKDB_WORDS, place.schema, table.name)));
  },
  constraintColumns,
  secondaryIndexes: { read: readIndexes },
  rowWriter,
  ...DUCKDB_FAILURES,
  // Of an append, other rows only ever add keys; but a row may refer to one that stands before it.
  isFinal: (error, { mode }) =>
    DUCKDB_FAILURES.kindOf(error) === "data" ||
    (mode !== "upsert" && (error as SessionError).code !== "FOREIGN_KEY"),
};

async function rowWriter(session: DuckSession, options: RowWriterOptions): Promise<RowWriter> {
  const { shape, place, write, nul } = options;
  const codec = keptCodec(options.codec, await keptColumns(session, shape, place));
  const rules: CellOptions = { nul: nul ?? "keep", nan: true };
  const insert = session.bulk === "insert" ? undefined : plainInsert(write, shape);
  if (insert) {
    return new ScanWriter(session, { ...options, codec, rules, ordinal: insert.ordinal });
  }
  return insertWriter(session, DUCKDB, { ...options, codec, rules });
}

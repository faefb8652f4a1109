/** The host's own table with a row for each row that was rejected, where that was asked for. */
import type { Batch, RejectedRow } from "../../../src/model/batch.ts";
import type { LoadRecord } from "../driver.ts";
import type { HostTables } from "./host_tables.ts";

/** Rows of one INSERT. */
const ROWS_MAX = 1_000;
/** Bytes of records after which an INSERT takes no further row. */
const BYTES_MAX = 1024 * 1024;

/** Creates the table. */
export function rejectDdl(
  { reference, reject, words: { types, tableOptions = "" } }: HostTables,
): string {
  return `CREATE TABLE IF NOT EXISTS ${reject.text} (
  load_id ${types.id} NOT NULL${reference},
  ordinal ${types.integer} NOT NULL,
  sequence ${types.integer} NOT NULL,
  part ${types.key} NOT NULL,
  byte ${types.integer} NOT NULL,
  line ${types.integer} NOT NULL,
  column_name ${types.text},
  code ${types.text} NOT NULL,
  message ${types.text} NOT NULL,
  record ${types.bytes},
  rejected_at ${types.time} NOT NULL,
  PRIMARY KEY (load_id, part, byte)
) ${tableOptions}`;
}

/** Adds the rows that a batch leaves out, each with its place. */
export async function insertRejects(
  host: HostTables,
  batch: Batch,
  { record, rows }: { readonly record: LoadRecord; readonly rows: readonly RejectedRow[] },
): Promise<void> {
  for (const some of slices(rows)) {
    const values = some.map((row) => [
      record.id,
      row.ordinal,
      batch.sequence,
      row.part,
      row.byteOffset,
      row.line,
      row.column,
      row.code,
      row.message,
      row.record,
      host.now,
    ]);
    await host.run`
INSERT INTO ${host.reject} (load_id, ordinal, sequence, part, byte, line, column_name, code, message,
  record, rejected_at) VALUES ${values}`;
  }
}

/** As many rows at a time as go into one statement. */
function* slices(rows: readonly RejectedRow[]): Generator<RejectedRow[]> {
  let slice: RejectedRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    slice.push(row);
    bytes += row.record?.length ?? 0;
    if (slice.length < ROWS_MAX && bytes < BYTES_MAX) continue;
    yield slice;
    slice = [];
    bytes = 0;
  }
  if (slice.length > 0) yield slice;
}

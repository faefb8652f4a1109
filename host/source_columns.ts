/** What the first batch of a source says of its columns. */
import type { LiveTable } from "../src/backend.ts";
import type { Column, RecordFormat } from "../src/batch.ts";
import type { RawBatch } from "../src/loader/batcher.ts";
import { fieldNames, inferColumnsInTurns } from "./codec/infer.ts";

/** Records whose fields are looked at where the table says what their types are. */
const NAMES_ROWS = 1_000;

/** What a source's columns are taken from. */
export interface ColumnSources {
  /** Undefined for an empty source. */
  readonly first: RawBatch | undefined;
  /** The format of the source, where a part of it was opened. */
  readonly format: RecordFormat | undefined;
  /** Names of the key's columns. */
  readonly key: readonly string[];
  /** The target, where it is there. */
  readonly live: LiveTable | undefined;
}

/**
 * Columns in the order in which their fields first appear; of a table that is there, only the names
 * mean anything. Undefined where an empty source names none.
 *
 * @throws {LoadError} `source_malformed` if there are more fields than a table can have columns
 */
export async function sourceColumns(from: ColumnSources): Promise<readonly Column[] | undefined> {
  const { first, format, key, live } = from;
  if (first && !live) return (await inferColumnsInTurns(first, { key })).columns;
  const names = first && live
    ? namesFor(live, first)
    : format?.kind === "csv"
    ? format.header
    : undefined;
  return names?.map((name) => ({
    name,
    type: "text",
    nullable: !key.includes(name),
    key: key.includes(name),
  }));
}

/**
 * The names in the first records, unless a column is missing among them that a later one may have:
 * columns that are nullable and without default are part of the shape anyway.
 */
function namesFor(live: LiveTable, first: RawBatch): readonly string[] {
  const names = fieldNames({ ...first, offsets: first.offsets.subarray(0, NAMES_ROWS + 1) });
  const missing = live.columns.some((column) =>
    !column.generated && (column.hasDefault || !column.nullable) && !names.includes(column.name)
  );
  return missing ? fieldNames(first) : names;
}

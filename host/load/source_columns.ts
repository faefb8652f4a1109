/** What a batch of a source says of its columns. */
import type { LiveTable } from "../../src/model/backend.ts";
import type { Column, RecordFormat } from "../../src/model/batch.ts";
import type { RawBatch } from "../../src/batching/batcher.ts";
import { fieldNames, inferColumnsInTurns } from "../codec/infer.ts";
import type { Source } from "../sources/source.ts";

/** Records whose fields are looked at where the table says what their types are. */
export const NAMES_ROWS = 1_000;

/** What a source's columns are taken from. */
export interface ColumnSources {
  /** Names of the key's columns. */
  readonly key: readonly string[];
  /** See `Source.kinds`. */
  readonly kinds?: Source["kinds"];
  /** The target, where it is there. */
  readonly live: LiveTable | undefined;
}

/** See {@linkcode sourceColumns}. */
export interface ToldColumns {
  /** In the order in which their fields first appear. */
  readonly columns: readonly Column[];
  /** Whether the batch says what they are: no record of it that can be read may have a field. */
  readonly told: boolean;
}

/**
 * The columns that a batch tells; of a table that is there, only the names mean anything.
 *
 * @throws {LoadError} `source_malformed` if there are more fields than a table can have columns
 */
export async function sourceColumns(
  batch: RawBatch,
  { key, live, kinds }: ColumnSources,
): Promise<ToldColumns> {
  if (!live) {
    const { columns, records } = await inferColumnsInTurns(batch, { key, kinds });
    // A header names them; of what type they are, it does not say.
    return { columns, told: columns.length > 0 && records > 0 };
  }
  const columns = namesFor(live, batch).map((name) => textColumn(name, key));
  return { columns, told: columns.length > 0 };
}

/** The columns of a source without records: those that its header names, if it has one. */
export function headerColumns(
  format: RecordFormat | undefined,
  key: readonly string[],
): readonly Column[] | undefined {
  if (format?.kind !== "csv" || format.header.length === 0) return undefined;
  return format.header.map((name) => textColumn(name, key));
}

function textColumn(name: string, key: readonly string[]): Column {
  return { name, type: "text", nullable: !key.includes(name), key: key.includes(name) };
}

/**
 * The names in the first records, unless a column is missing among them that a later one may have:
 * columns that are nullable and without default are part of the shape anyway.
 */
function namesFor(live: LiveTable, first: RawBatch): readonly string[] {
  return firstNames(live, first) ?? fieldNames(first);
}

/** The names in the first records; undefined where those of further ones count. */
export function firstNames(live: LiveTable, first: RawBatch): readonly string[] | undefined {
  const names = fieldNames({ ...first, offsets: first.offsets.subarray(0, NAMES_ROWS + 1) });
  const known = new Set(names);
  const missing = names.length === 0 ||
    live.columns.some((column) =>
      !column.generated && (column.hasDefault || !column.nullable) && !known.has(column.name)
    );
  return missing ? undefined : names;
}

import type { Column, TableName, WriteMode } from "./batch.ts";
import type { BytesForm } from "./bytes_form.ts";

/** What the shape of a load's rows follows from, beside the table as it stands. */
export interface ShapeOrigin {
  /** The target. */
  readonly table: TableName;
  /** How rows meet the rows that are there. */
  readonly mode: WriteMode;
  /** Key columns by name. */
  readonly key: readonly string[];
  /** Columns from the user's schema or from the source itself. */
  readonly known: readonly Column[] | undefined;
  /** Columns inferred from the first batch, in order of appearance; undefined for an empty source. */
  readonly inferred: readonly Column[] | undefined;
  /** How bytes are written in the source, where a column does not say so itself. */
  readonly bytes?: BytesForm | undefined;
  /** Whether later records may lack fields and bring others: NDJSON, not CSV. */
  readonly openRecords: boolean;
  /** Whether the backend hears of `RecordFields`; false by default. */
  readonly varied?: boolean;
}

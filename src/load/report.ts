/** What a load comes to. */
import type { ChosenBy, RowCounts } from "../model/backend.ts";
import type { WriteMode } from "../model/batch.ts";
import { LoadError, type LoadErrorOptions } from "../model/errors.ts";
import type { NulRule } from "../model/nul_rule.ts";

/** How large the transactions of a load are: each is one batch, or one range of a file. */
export interface TransactionSize {
  /** Bytes of the source, at the most; a single record may be larger. */
  readonly bytesMax: number;
  /** Whose choice that is. */
  readonly bytesBy: ChosenBy;
  /** Rows at the most; absent of ranges, whose rows are counted as they are written. */
  readonly rowsMax?: number;
  /** Whose choice that is. */
  readonly rowsBy?: ChosenBy;
}

/** The end of a load, or where it stopped. `read = committed + superseded + rejected + skipped`. */
export interface LoadReport extends RowCounts {
  /** `complete`, or where it stopped: `failed`, `cancelled`. */
  readonly state: "complete" | "failed" | "cancelled";
  /** Rows of batches that the ledger had, those that were rejected in them too. */
  readonly skipped: number;
  /** Committed or superseded rows in which U+0000 was stripped or escaped. */
  readonly repaired: number;
  /** Rejected rows that are larger than a record may be: their place is kept, and not their record. */
  readonly rejectedTooLarge: number;
  /** Batches that were committed. */
  readonly batches: number;
  /** How large they are; absent where none was written, or the backend does not say. */
  readonly transactions?: TransactionSize;
  /** Bytes of the source that were read, as its size counts them. */
  readonly bytes: number;
  /** Wall time in seconds. */
  readonly seconds: number;
  /** Committed rows per second of wall time. */
  readonly rowsPerSecond: number;
  /** The source's name. */
  readonly source: string;
  /** The backend's type. */
  readonly backend: string;
  /** The table as people write it. */
  readonly table: string;
  /** How rows met the rows that were there. */
  readonly mode: WriteMode;
  /** What was to become of U+0000, where the load was told. */
  readonly nul?: NulRule;
  /** The load row; absent where the load never began, or the backend keeps none. */
  readonly load?: { readonly id: string; readonly generation: number; readonly planHash: string };
  /** The plugin that planned; absent for backends in TypeScript. */
  readonly plugin?: { readonly name: string; readonly version: string; readonly sha256: string };
  /** What the user should know although all went well: one sentence each. */
  readonly notes: readonly string[];
}

/** A load that did not end as it should, with what it came to until then. */
export class LoadStoppedError extends LoadError {
  /** What was committed stays committed; the report says how much. */
  readonly report: LoadReport;

  /** Makes the error; see {@linkcode LoadError}. */
  constructor(message: string, options: LoadErrorOptions & { readonly report: LoadReport }) {
    super(message, options);
    this.report = options.report;
  }
}

/** What is loaded into. */
import type { Place } from "./competitor.ts";
import type { ProcessUse } from "./cpu_time.ts";
import type { DatabaseName, Dataset } from "./dataset.ts";
import type { DatasetFiles } from "./dataset_files.ts";

/** A database of the benchmark's own, with one table at a time. */
export interface LoadTarget {
  readonly database: DatabaseName;
  readonly place: Place;
  /** What it is, for people: `PostgreSQL 18.4`. */
  readonly version: string;
  /** Makes the table again, as a load is to find it, with everything written before on disk. */
  fresh(files: DatasetFiles): Promise<void>;
  /** Rows in the table. */
  count(dataset: Dataset): Promise<number>;
  /**
   * What is in the table, whatever the order of its rows. With `emptied`, NULL and the empty text
   * are the same.
   */
  checksum(dataset: Dataset, nulls: "kept" | "emptied"): Promise<string>;
  /** What a server has taken so far; undefined where there is none or nobody tells. */
  serverUse(): ProcessUse | undefined;
  close(): Promise<void>;
}

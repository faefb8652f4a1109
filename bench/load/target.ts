/** What is loaded into. */
import type { Place } from "./contestant.ts";
import type { DatabaseName, Dataset } from "./dataset.ts";

/** A database of the benchmark's own, with one table at a time. */
export interface LoadTarget {
  readonly database: DatabaseName;
  readonly place: Place;
  /** Makes the table anew, empty, with everything written before on disk. */
  fresh(dataset: Dataset): Promise<void>;
  /** Rows in the table. */
  count(dataset: Dataset): Promise<number>;
  /**
   * What is in the table, whatever the order of its rows. With `emptied`, NULL and the empty text
   * are the same.
   */
  checksum(dataset: Dataset, nulls: "kept" | "emptied"): Promise<string>;
  /** CPU seconds that a server took so far; undefined where there is none or nobody tells. */
  cpuSeconds(): number | undefined;
  close(): Promise<void>;
}

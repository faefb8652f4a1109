/** What is tried again after it failed for a while. */
import type { ErrorCode } from "./errors.ts";

/** What is tried again: opening a connection, a look at the table, the beginning of a load, … */
export type RetriedStep = "connect" | "describe" | "prepare" | "batch" | "finish";

/** A further attempt that is to be made. */
export interface Retry {
  /** What is tried again. */
  readonly step: RetriedStep;
  /** The number of the batch, where it is one. */
  readonly sequence?: number;
  /** Which further attempt it is, from 1. */
  readonly attempt: number;
  /** Further attempts at the most. */
  readonly attemptsMax: number;
  /** How long it is waited for, in milliseconds. */
  readonly waitMs: number;
  /** Why the attempt before failed. */
  readonly code: ErrorCode;
  /** SQLSTATE or the vendor's own code, where a database failed. */
  readonly vendorCode?: string;
}

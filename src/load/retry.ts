/** What is tried again after it failed for a while, in words for people and for the audit log. */
import type { ErrorCode, LoadError } from "../model/errors.ts";

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

const WORDS: Partial<Readonly<Record<ErrorCode, string>>> = {
  connection_lost: "connection lost",
  connection_failed: "no connection",
  commit_unknown: "answer to COMMIT lost",
  timeout: "no answer in time",
  conflict: "somebody else holds a lock",
  backend_unavailable: "backend out of service",
};

/** What failed, as a retry says it. */
export function reasonOf(
  { code, vendorCode }: Pick<LoadError, "code" | "vendorCode">,
): Pick<Retry, "code" | "vendorCode"> {
  return { code, ...(vendorCode === undefined ? {} : { vendorCode }) };
}

/** `retry 3 of 12 in 2.1 s: connection lost (ECONNRESET)`. */
export function retryText({ attempt, attemptsMax, waitMs, code, vendorCode }: Retry): string {
  const why = (WORDS[code] ?? code) + (vendorCode === undefined ? "" : ` (${vendorCode})`);
  return `retry ${attempt} of ${attemptsMax} in ${(waitMs / 1000).toFixed(1)} s: ${why}`;
}

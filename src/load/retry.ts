/** What is tried again after it failed for a while, in words. */
import type { ErrorCode, LoadError } from "../model/errors.ts";
import type { Retry } from "../model/retry.ts";

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

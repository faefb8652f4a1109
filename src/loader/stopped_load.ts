/** What stopped a load, as the one error that carries its report. */
import { LoadError, unexpectedError } from "../errors.ts";
import { type LoadReport, LoadStoppedError } from "./report.ts";

/** Wraps what was thrown; `report` says what was done until then. */
export function stoppedLoad(
  error: unknown,
  { signal, report: reportOf }: {
    readonly signal: AbortSignal | undefined;
    readonly report: (state: "failed" | "cancelled") => LoadReport;
  },
): LoadStoppedError {
  if (signal?.aborted) {
    const report = reportOf("cancelled");
    return new LoadStoppedError(`Load was cancelled after ${report.committed} committed rows`, {
      code: "cancelled",
      blame: "config",
      cause: error,
      report,
    });
  }
  const report = reportOf("failed");
  const known = error instanceof LoadError ? error : unexpectedError(error, "Unexpected error");
  const { code, blame, retry, vendorCode, issues, question } = known;
  return new LoadStoppedError(known.message, {
    code,
    blame,
    retry,
    issues,
    question,
    ...(vendorCode === undefined ? {} : { vendorCode }),
    cause: known.cause,
    report,
  });
}

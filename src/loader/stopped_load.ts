/** What stopped a load, as the one error that carries its report. */
import { LoadError, messageOf } from "../errors.ts";
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
  if (!(error instanceof LoadError)) {
    return new LoadStoppedError(`Unexpected error: ${messageOf(error)}`, {
      code: "bug",
      blame: "host",
      cause: error,
      report,
    });
  }
  const { code, blame, retry, vendorCode, issues, question } = error;
  return new LoadStoppedError(error.message, {
    code,
    blame,
    retry,
    issues,
    question,
    ...(vendorCode === undefined ? {} : { vendorCode }),
    cause: error.cause,
    report,
  });
}

/** What stopped a load, as the one error that carries its report. */
import { LoadError, partsOf, unexpectedError } from "../errors.ts";
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
  const { message, lines } = partsOf(known.message);
  return new LoadStoppedError(message, {
    code,
    lines,
    blame,
    retry,
    issues,
    question,
    ...(vendorCode === undefined ? {} : { vendorCode }),
    cause: known.cause,
    report,
  });
}

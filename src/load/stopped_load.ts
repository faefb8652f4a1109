/** What stopped a load, as the one error that carries its report. */
import { loadErrorOf, partsOf } from "../model/errors.ts";
import { type LoadReport, LoadStoppedError } from "./report.ts";

/** Wraps what was thrown; `report` says what was done until then. */
export function stoppedLoad(
  error: unknown,
  { left, signal, report: reportOf }: {
    /** What the load leaves behind, as a clause. */
    readonly left?: string | undefined;
    readonly signal: AbortSignal | undefined;
    readonly report: (state: "failed" | "cancelled") => LoadReport;
  },
): LoadStoppedError {
  if (signal?.aborted) {
    const report = reportOf("cancelled");
    const what = `Load was cancelled after ${report.committed} committed rows`;
    return new LoadStoppedError(withLeft(what, left), {
      code: "cancelled",
      blame: "config",
      cause: error,
      report,
    });
  }
  const report = reportOf("failed");
  const known = loadErrorOf(error);
  const { code, blame, retry, vendorCode, issues, question, rejectsMin } = known;
  const { message, lines } = partsOf(known.message);
  const listed = lines.length > 0 && left !== undefined;
  return new LoadStoppedError(listed ? message : withLeft(message, left), {
    code,
    lines: listed ? [...lines, left] : lines,
    blame,
    retry,
    issues,
    question,
    rejectsMin,
    ...(vendorCode === undefined ? {} : { vendorCode }),
    cause: known.cause,
    report,
  });
}

function withLeft(message: string, left: string | undefined): string {
  return left === undefined ? message : `${message}. ${left}`;
}

import type { RecordFormat } from "../model/batch.ts";
import type { CutFile, Span } from "./range_cut.ts";
import { RecordScan } from "./record_scan.ts";

/** What was counted. */
export interface RecordCount {
  /** Records that are not blank. */
  readonly rows: number;
  /** Line ends. */
  readonly lines: number;
}

/**
 * Counts the records and the lines of a part of a file, which is read for it piece by piece. It
 * begins at the start of a record.
 */
export async function countRecords(
  file: CutFile,
  format: RecordFormat,
  { from, to }: Span,
): Promise<RecordCount> {
  const scan = new RecordScan(file, format, from);
  let rows = 0;
  let lines = 0;
  await scan.run(to, {
    record(found) {
      if (!found.blank) rows++;
      lines += found.lines;
      return false;
    },
  });
  return { rows: scan.filled ? rows + 1 : rows, lines };
}

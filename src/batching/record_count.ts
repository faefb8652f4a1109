/** Counts the records and the lines of a part of a file, which is read for it piece by piece. */
import type { RecordFormat } from "../model/batch.ts";
import { bytesAt, type CutFile, type Span } from "./range_cut.ts";
import { createSplitter, SPLIT_BYTES_MAX } from "./record_splitter.ts";

const LINES: RecordFormat = { kind: "ndjson" };

/** What was counted. */
export interface RecordCount {
  /** Lines that are not blank. */
  readonly rows: number;
  /** Line ends. */
  readonly lines: number;
}

/**
 * Counts the records and the lines of a part of a file, which is read for it piece by piece. It
 * begins at the start of a line.
 */
export async function countRecords(file: CutFile, { from, to }: Span): Promise<RecordCount> {
  const splitter = createSplitter(LINES);
  let rows = 0;
  let lines = 0;
  /** Whether there is something in the line that is open. */
  let filled = false;
  for (let at = from; at < to;) {
    const bytes = await bytesAt(file, { from: at, to: Math.min(at + SPLIT_BYTES_MAX, to) });
    if (bytes.length === 0) break;
    const ends = splitter.split(bytes, 0, bytes.length);
    const places = splitter.ends.slice(0, ends);
    let start = 0;
    for (const end of places) {
      if (filled || !splitter.isBlank(bytes, start, end)) rows++;
      filled = false;
      start = end;
    }
    lines += ends;
    filled ||= !splitter.isBlank(bytes, start, bytes.length);
    at += bytes.length;
  }
  return { rows: filled ? rows + 1 : rows, lines };
}

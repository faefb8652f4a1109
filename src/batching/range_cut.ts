/**
 * Finds where a range of a file's records begins and ends. Of lines, those few bytes are looked at; of
 * CSV, whose line ends may stand within quotes, all of the range is read for it, and nothing kept.
 *
 * Invariants, as of batches that are read:
 * - it begins at a record and ends behind the line end of one: blank lines before it and behind it are
 *   not its own
 * - where it ends depends on the file and on the limits alone
 */
import { lineEndOf, type RecordFormat } from "../model/batch.ts";
import { isBlankJson } from "./json_splitter.ts";
import { RecordScan } from "./record_scan.ts";
import { createSplitter } from "./record_splitter.ts";

const NEWLINE = 0x0a;
/** Bytes that are looked at first; most lines are shorter. */
const LOOK_BYTES = 64 * 1024;

/** A file that can be read anywhere. */
export interface CutFile {
  /** Reads from an offset on; fewer bytes than there is room for only at its end. */
  readAt(into: Uint8Array<ArrayBuffer>, offset: number): Promise<number>;
}

/** Where records lie in a file. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A range that is to be cut. */
export interface CutLimits extends Span {
  /** Where it is to end, unless its first record alone goes further. */
  readonly limit: number;
  /** Bytes of one record, at the most. */
  readonly recordBytesMax: number;
  /** Whether the file goes on at `to`, as one does that grows. */
  readonly goesOn: boolean;
}

/** Where the first record begins that lies behind `from`, up to `to`; undefined where there is none. */
export async function recordStart(
  file: CutFile,
  format: RecordFormat,
  { from, to }: Span,
): Promise<number | undefined> {
  const splitter = createSplitter(format);
  for (let at = from, look = 4096; at < to; look = LOOK_BYTES) {
    const bytes = await bytesAt(file, { from: at, to: Math.min(at + look, to) });
    if (bytes.length === 0) return undefined;
    let end = 0;
    while (end < bytes.length && splitter.isBlank(bytes, end, end + 1)) end++;
    if (end < bytes.length) return await lineStart(file, format, { from, to: at + end });
    at += bytes.length;
  }
  return undefined;
}

/**
 * Where the last record ends that ends before the limit, or the first that ends behind it, where that
 * is the only one. What has no line end counts up to `to`, unless the file goes on there. Undefined
 * where there is none; `unsure` where the first has no end, or is too large for a record, so that it is
 * for whoever reads it to say what is wrong.
 */
export async function recordEnd(
  file: CutFile,
  format: RecordFormat,
  limits: CutLimits,
): Promise<number | "unsure" | undefined> {
  return format.kind === "csv"
    ? await scannedEnd(file, format, limits)
    : await lineEnd(file, limits);
}

/** Of lines, which end at each line end. */
async function lineEnd(
  file: CutFile,
  { from, to, limit, goesOn }: CutLimits,
): Promise<number | undefined> {
  const last = Math.min(limit, to);
  for (let look = LOOK_BYTES;; look *= 4) {
    const start = Math.max(from, last - look);
    const bytes = await bytesAt(file, { from: start, to: last });
    const end = lastEnd(bytes, last === to && !goesOn);
    if (end > 0) return start + end;
    if (start === from) break;
  }
  for (let at = last; at < to; at += LOOK_BYTES) {
    const bytes = await bytesAt(file, { from: at, to: Math.min(at + LOOK_BYTES, to) });
    const end = bytes.indexOf(NEWLINE);
    if (end >= 0) return at + end + 1;
    if (bytes.length === 0) break;
  }
  return goesOn || last === to ? undefined : to;
}

/** Of records whose ends are known only once all before them was read. */
async function scannedEnd(
  file: CutFile,
  format: RecordFormat,
  { from, to, limit, recordBytesMax, goesOn }: CutLimits,
): Promise<number | "unsure" | undefined> {
  const scan = new RecordScan(file, format, from);
  let end: number | undefined;
  let before = from;
  const isBehind = (at: number) =>
    at - before > recordBytesMax || (end !== undefined && at > limit);
  const state = await scan.run(to, {
    record(found) {
      if (isBehind(found.end)) return true;
      if (!found.blank) end = found.end;
      before = found.end;
      return end !== undefined && end >= limit;
    },
    read: isBehind,
  });
  if (end !== undefined && state === "stopped") return end;
  if (state === "stopped") return "unsure";
  if (goesOn || state === "short") return end;
  if (scan.quoted) return "unsure";
  return scan.filled ? to : end;
}

/** The bytes of a file there, fewer at its end. */
export async function bytesAt(file: CutFile, { from, to }: Span): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(to - from);
  let length = 0;
  while (length < bytes.length) {
    const count = await file.readAt(bytes.subarray(length), from + length);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

/** Where the last line ends that is not blank, as far as can be seen; 0 where there is none. */
function lastEnd(bytes: Uint8Array, endsWithout: boolean): number {
  let end = endsWithout ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
  while (end > 0) {
    const start = end < 2 ? 0 : bytes.lastIndexOf(NEWLINE, end - 2) + 1;
    if (!isBlankJson(bytes, start, end)) break;
    end = start;
  }
  return end;
}

/** Where the line begins in which a byte stands that is not white. */
async function lineStart(
  file: CutFile,
  format: RecordFormat,
  { from, to }: Span,
): Promise<number> {
  for (let look = LOOK_BYTES;; look *= 4) {
    const start = Math.max(from, to - look);
    const bytes = await bytesAt(file, { from: start, to });
    const end = bytes.lastIndexOf(lineEndOf(format));
    if (end >= 0) return start + end + 1;
    if (start === from) return from;
  }
}

/**
 * Finds where a range of a file's lines begins and ends, by a look at those few bytes.
 *
 * Invariants, as of batches that are read:
 * - it begins at a record and ends behind the line end of one: blank lines before it and behind it are
 *   not its own
 * - where it ends depends on the file and on the limits alone
 */
import { isBlankJson } from "./json_splitter.ts";

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

/** Where the first record begins that lies behind `from`, up to `to`; undefined where there is none. */
export async function recordStart(file: CutFile, { from, to }: Span): Promise<number | undefined> {
  for (let at = from, look = 4096; at < to; look = LOOK_BYTES) {
    const bytes = await bytesAt(file, { from: at, to: Math.min(at + look, to) });
    if (bytes.length === 0) return undefined;
    const end = blankEnd(bytes);
    if (end < bytes.length) return await lineStart(file, { from, to: at + end });
    at += bytes.length;
  }
  return undefined;
}

/**
 * Where the last record ends that ends before `limit`, or the first that ends behind it, where that is
 * the only one. What has no line end counts up to `to`, unless the file goes on there.
 */
export async function recordEnd(
  file: CutFile,
  { from, to, limit, goesOn }: Span & { readonly limit: number; readonly goesOn: boolean },
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

function blankEnd(bytes: Uint8Array): number {
  let end = 0;
  while (end < bytes.length && isBlankJson(bytes, end, end + 1)) end++;
  return end;
}

/** Where the line begins in which a byte stands that is not white. */
async function lineStart(file: CutFile, { from, to }: Span): Promise<number> {
  for (let look = LOOK_BYTES;; look *= 4) {
    const start = Math.max(from, to - look);
    const bytes = await bytesAt(file, { from: start, to });
    const end = bytes.lastIndexOf(NEWLINE);
    if (end >= 0) return start + end + 1;
    if (start === from) return from;
  }
}

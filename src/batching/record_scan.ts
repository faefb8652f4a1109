/**
 * Goes through the records of a file, which is read for it piece by piece: nothing of them is kept.
 *
 * Invariants:
 * - what is found depends on the file alone, never on how it is read
 * - one buffer is read into again and again, small enough to stay in the processor's cache
 */
import { lineEndOf, type RecordFormat } from "../model/batch.ts";
import type { CutFile, Span } from "./range_cut.ts";
import { createSplitter, type RecordSplitter, SPLIT_BYTES_MAX } from "./record_splitter.ts";

/** Bytes that are read at once. */
const READ_BYTES = 4 * SPLIT_BYTES_MAX;

/** A record, or a blank line, that was gone through. */
export interface ScannedRecord {
  /** Where it ends, behind its line end, as an offset of the file. */
  readonly end: number;
  readonly blank: boolean;
  /** Line ends in it, its own included. */
  readonly lines: number;
}

/** Says of each record whether to stop with it; and between them, once all up to an offset was read. */
export interface ScanUntil {
  record(found: ScannedRecord): boolean;
  read?(to: number): boolean;
}

/**
 * Goes through the records of a file, which is read for it piece by piece: nothing of them is kept. It
 * begins at the start of a record.
 */
export class RecordScan {
  readonly #file: CutFile;
  readonly #splitter: RecordSplitter;
  readonly #lineEnd: number;
  /** Where a record stands that has not ended. */
  #start: number;
  #filled = false;

  constructor(file: CutFile, format: RecordFormat, from: number) {
    this.#file = file;
    this.#splitter = createSplitter(format);
    this.#lineEnd = lineEndOf(format);
    this.#start = from;
  }

  /** Where the record begins that has not ended. */
  get start(): number {
    return this.#start;
  }

  /** Whether there is anything in it. */
  get filled(): boolean {
    return this.#filled;
  }

  /** Whether a quote is open in it. */
  get quoted(): boolean {
    return this.#splitter.open?.() !== undefined;
  }

  /** Goes up to an offset, once: `stopped` where it was told so, `short` where the file ends before it. */
  async run(to: number, until: ScanUntil): Promise<"through" | "stopped" | "short"> {
    // The byte before a piece stands in front of it: by that, a splitter knows where a field begins.
    const bytes = new Uint8Array(1 + READ_BYTES);
    bytes[0] = this.#lineEnd;
    for (let at = this.#start; at < to;) {
      const count = await this.#file.readAt(
        bytes.subarray(1, 1 + Math.min(READ_BYTES, to - at)),
        at,
      );
      if (count === 0) return "short";
      if (this.#look(bytes, { from: at, to: at + count }, until)) return "stopped";
      bytes[0] = bytes[count]!;
      at += count;
      if (until.read?.(at)) return "stopped";
    }
    return "through";
  }

  /** What was read of the file stands behind the first byte. */
  #look(bytes: Uint8Array, { from, to }: Span, until: ScanUntil): boolean {
    const splitter = this.#splitter;
    const shift = from - 1;
    const last = to - shift;
    let start = Math.max(1, this.#start - shift);
    for (let at = 1; at < last; at += SPLIT_BYTES_MAX) {
      const count = splitter.split(bytes, at, Math.min(at + SPLIT_BYTES_MAX, last));
      const { ends, lines } = splitter;
      for (let i = 0; i < count; i++) {
        const end = ends[i]!;
        const blank = !this.#filled && splitter.isBlank(bytes, start, end);
        start = end;
        this.#start = end + shift;
        this.#filled = false;
        if (until.record({ end: this.#start, blank, lines: lines?.[i] ?? 1 })) return true;
      }
    }
    this.#filled ||= start < last && !splitter.isBlank(bytes, start, last);
    return false;
  }
}

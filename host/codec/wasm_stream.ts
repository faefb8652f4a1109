/**
 * Reads records and encodes them as the data of a COPY at the same time, with an instance of the
 * compiled codec that nobody else uses. A chunk is read straight into its memory, behind what is left
 * of the record before; what is made of it is handed out where it stands.
 *
 * - Two places for chunks and two for output take turns: one of each belongs to whoever reads or sends.
 * - Rows of which the compiled codec is not certain are written by the reference, in between.
 * - Memory never grows while a stream is open. A record that is too large for the room there is ends
 *   the stream, and the next one begins with more, up to {@linkcode RECORD_BYTES_MAX}.
 */
import { lineEndOf } from "../../src/model/batch.ts";
import { LoadError } from "../../src/model/errors.ts";
import {
  type CopyOptions,
  type CopyStream,
  PIECE_BYTES,
  PIECE_HEADROOM,
  type RecordBytes,
  type StreamedRecords,
} from "./codec.ts";
import { RowsInBetween } from "./rows_in_between.ts";
import { StreamMarks } from "./stream_marks.ts";
import { columnSizes, writeColumns } from "./wasm_columns.ts";
import { type CodecExports, STOP } from "./wasm_module.ts";
import { isCompiled, RECORD_BYTES_MAX, SLICE_BYTES } from "./wasm_slices.ts";

/** Bytes that are read at once; what is made of them is still in the processor's cache then. */
const CHUNK_BYTES = 256 * 1024;
/** Room for the rest of a record in front of a chunk, at first. */
const CARRY_BYTES = 256 * 1024;
/** Rows of a slice, at the most. */
const SLICE_ROWS = 4096;
/** Behind every place blocks may overshoot into. */
const SLACK = 64;
/** Bytes of a stripe of the hash, which stand in front of a chunk too. */
const STRIPE = 32;

const FORMATS = { text: 0, binary: 1 } as const;

/** An instance for streams, one after the other. */
export class StreamInstance {
  readonly #exports: CodecExports;
  #carryBytes = CARRY_BYTES;

  /** Takes over an instance. */
  constructor(exports: CodecExports) {
    this.#exports = exports;
  }

  /** Begins to read; the stream before is closed. @throws {LoadError} `resource_exhausted` */
  open(records: StreamedRecords, bytes: RecordBytes, options: CopyOptions): CopyStream {
    if (!isCompiled(records)) return REFUSED;
    return new WasmStream(this.#exports, {
      records,
      bytes,
      options,
      carryBytes: this.#carryBytes,
      ask: () => this.#carryBytes = Math.min(RECORD_BYTES_MAX, this.#carryBytes * 4),
    });
  }
}

interface StreamOptions {
  readonly records: StreamedRecords;
  readonly bytes: RecordBytes;
  readonly options: CopyOptions;
  readonly carryBytes: number;
  /** Asks for more room for a record, for the streams to come. */
  ask(): void;
}

/** Bytes that were asked for, and how many have come. */
interface Asked {
  readonly bytes: number;
  readonly count: number | Promise<number>;
}

class WasmStream implements CopyStream {
  readonly #exports: CodecExports;
  readonly #options: StreamOptions;
  readonly #memory: Uint8Array<ArrayBuffer>;
  /** Where chunks are read to, and where output begins: two each, which take turns. */
  readonly #chunks: readonly [number, number];
  readonly #outs: readonly [number, number];
  readonly #outBytes: number;
  readonly #marks = new StreamMarks();
  readonly #between: RowsInBetween;
  #turn = 0;
  #out = 0;
  /** What was read and is in no slice yet stands between the two. */
  #at: number;
  #end: number;
  /** Bytes that are not asked for yet. */
  #left: number;
  /** What is read ahead into the other place. */
  #ahead: Asked | undefined;
  /** The slice that is open: its rows, and the one that is next. */
  #rowsOpen = 0;
  #row = 0;
  #rows = 0;
  #begun = false;
  #ended = false;
  /** A row by the reference that had no room beside others. */
  #late: Uint8Array<ArrayBuffer> | undefined;
  failed = false;
  error: unknown;

  constructor(exports: CodecExports, options: StreamOptions) {
    this.#exports = exports;
    this.#options = options;
    const { records, bytes, options: { rules, types }, carryBytes } = options;
    const { columns, keyBytes, slots, formatBytes } = columnSizes(records);
    const place = carryBytes + CHUNK_BYTES + SLACK;
    // As much as `rowRoom` in assembly/slice.ts asks for, behind a piece that is nearly full.
    const sliceBytes = Math.max(SLICE_BYTES, carryBytes + CHUNK_BYTES);
    this.#outBytes = PIECE_HEADROOM + PIECE_BYTES + 2 * sliceBytes + 32 * columns + 2 * SLACK;
    const out = 2 * (this.#outBytes + SLACK);
    if (!exports.lay(columns, keyBytes, slots, formatBytes, SLICE_ROWS, 2 * place, out)) {
      throw new LoadError("No memory for the codec", { code: "resource_exhausted", blame: "host" });
    }
    writeColumns(exports.memory.buffer, records, {
      places: {
        columnsAt: exports.columnsAt.value,
        keysAt: exports.keysAt.value,
        formatAt: exports.formatAt.value,
      },
      types,
    });
    exports.openBatch(records.format.kind === "csv", slots, rules.nul === "keep", rules.nan, false);
    this.#memory = new Uint8Array(exports.memory.buffer as ArrayBuffer);
    const first = exports.inputAt.value + carryBytes;
    this.#chunks = [first, first + place];
    this.#outs = [exports.outputAt.value, exports.outputAt.value + this.#outBytes + SLACK];
    this.#between = new RowsInBetween(records, options.options);
    this.#at = this.#end = first;
    this.#left = bytes.length;
    exports.hashFrom(first);
  }

  get rows(): number {
    return this.#rows;
  }

  get repaired(): number {
    return this.#between.repaired;
  }

  hash(): string {
    return BigInt.asUintN(64, this.#exports.hashTo(this.#at)).toString(16).padStart(16, "0");
  }

  marks(): Uint8Array<ArrayBuffer> {
    return this.#marks.chosen();
  }

  async next(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      return this.failed ? undefined : await this.#next();
    } catch (error) {
      this.failed = true;
      this.error = error;
      return undefined;
    }
  }

  async close(): Promise<void> {
    try {
      await this.#ahead?.count;
    } catch {
      // Nobody wants it any more.
    }
  }

  async #next(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const late = this.#late;
    if (late) {
      this.#late = undefined;
      return late;
    }
    if (this.#ended) return undefined;
    const start = this.#outs[this.#turn = 1 - this.#turn]!;
    this.#out = start + PIECE_HEADROOM;
    if (!this.#begun) this.#put(this.#between.begin());
    this.#begun = true;
    const enough = start + PIECE_BYTES;
    while (this.#out < enough && !this.failed && !this.#late) {
      if (this.#row < this.#rowsOpen) this.#encode(start, enough);
      else if (!this.#take() && !await this.#read()) {
        this.#ended = true;
        this.#put(this.#between.end());
        break;
      }
    }
    if (this.failed) return undefined;
    if (this.#out > start + PIECE_HEADROOM) return this.#memory.subarray(start, this.#out);
    return this.#ended ? undefined : await this.#next();
  }

  /** Opens a slice of records; false where there is none yet. */
  #take(): boolean {
    const { takeRecords, takenRows, openTaken, hashTaken, marksAt } = this.#exports;
    const isLast = this.#left === 0 && this.#ahead === undefined;
    const lineEnd = lineEndOf(this.#options.records.format);
    const end = takeRecords(this.#at, this.#end, SLICE_ROWS, SLICE_BYTES, isLast, lineEnd);
    if (end === this.#at) return false;
    const rows = takenRows.value;
    hashTaken(rows, end);
    this.#marks.add(this.#memory, marksAt.value, rows);
    openTaken(this.#at, end);
    this.#between.forget(this.#rows);
    this.#at = end;
    this.#row = 0;
    this.#rowsOpen = rows;
    // Nothing but blank lines.
    if (rows === 0) this.#exports.closeTaken();
    return true;
  }

  #encode(start: number, enough: number): void {
    const exports = this.#exports;
    const { format, ordinal } = this.#options.options;
    const end = start + this.#outBytes;
    const from = this.#row;
    const first = ordinal ? this.#rows - from : -1;
    this.#row = exports.encodeTo(
      FORMATS[format],
      from,
      this.#rowsOpen,
      first,
      this.#out,
      enough,
      end,
    );
    this.#out = exports.outputTo.value;
    this.#rows += this.#row - from;
    if (exports.stopReason.value === STOP.unsure) this.#encodeUnsure();
    if (this.#row === this.#rowsOpen && !this.failed) exports.closeTaken();
  }

  /** The row of which the codec is not certain, by the reference. */
  #encodeUnsure(): void {
    const { offsetsAt, memory } = this.#exports;
    const offsets = new Uint32Array(memory.buffer, offsetsAt.value, this.#rowsOpen + 1);
    const row = this.#between.write(this.#memory, offsets, this.#row);
    if (!row) {
      this.failed = true;
      return;
    }
    this.#put(row);
    this.#row++;
    this.#rows++;
  }

  /** Puts bytes behind the output, or keeps them for a piece of their own. */
  #put(row: Uint8Array<ArrayBuffer>): void {
    const bytes = row.subarray(PIECE_HEADROOM);
    const end = this.#outs[this.#turn]! + this.#outBytes;
    if (this.#out + bytes.length > end) {
      this.#late = row.slice();
      return;
    }
    this.#memory.set(bytes, this.#out);
    this.#out += bytes.length;
  }

  /** Brings in the next chunk; false where there is none. */
  async #read(): Promise<boolean> {
    if (this.#left === 0 && !this.#ahead) return false;
    const { carryBytes, ask } = this.#options;
    const rest = this.#end - this.#at;
    if (rest + STRIPE > carryBytes) {
      ask();
      this.failed = true;
      return false;
    }
    const base = this.#chunks.find((chunk) => !this.#holds(chunk))!;
    const { bytes, count } = this.#ahead ?? this.#ask(base);
    this.#ahead = undefined;
    const read = typeof count === "number" ? count : await count;
    if (read === 0) throw new RecordsMissing();
    this.#left += bytes - read;
    this.#at = this.#exports.carry(this.#at, this.#end, base);
    this.#end = base + read;
    // While this chunk is encoded, the next one is read, where that can be.
    if (typeof count !== "number" && this.#left > 0) {
      this.#ahead = this.#ask(this.#chunks.find((chunk) => chunk !== base)!);
    }
    return true;
  }

  #holds(chunk: number): boolean {
    return this.#end >= chunk && this.#end <= chunk + CHUNK_BYTES;
  }

  #ask(base: number): Asked {
    const bytes = Math.min(CHUNK_BYTES, this.#left);
    this.#left -= bytes;
    const count = this.#options.bytes.read(this.#memory.subarray(base, base + bytes));
    // Whoever closes a stream that has failed does not look at it.
    if (typeof count !== "number") count.catch(() => {});
    return { bytes, count };
  }
}

/** Of records that only the reference reads. */
const REFUSED: CopyStream = {
  next: () => Promise.resolve(undefined),
  failed: true,
  error: undefined,
  rows: 0,
  repaired: 0,
  hash: () => "",
  marks: () => new Uint8Array(0),
  close: () => Promise.resolve(),
};

/** There are fewer bytes than there should be. */
export class RecordsMissing extends Error {
  /** Says so. */
  constructor() {
    super("Records end before they should");
  }
}

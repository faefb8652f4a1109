/**
 * Records that are read chunk by chunk into the memory of an instance of the compiled codec that nobody
 * else uses, behind what is left of the record before; and taken from there slice by slice, hashed and
 * marked.
 *
 * - Two places for chunks take turns: one of them belongs to whoever reads.
 * - Memory never grows while records are read. A record that is too large for the room there is ends it,
 *   and the next reader begins with more, up to {@linkcode RECORD_BYTES_MAX}.
 */
import { lineEndOf } from "../../src/model/batch.ts";
import { LoadError } from "../../src/model/errors.ts";
import type { CellRules, RecordBytes, StreamedRecords, WireType } from "./codec.ts";
import { StreamMarks } from "./stream_marks.ts";
import { columnSizes, writeColumns } from "./wasm_columns.ts";
import type { CodecExports } from "./wasm_module.ts";
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

/** An instance whose memory chunks are read into, for one reader after the other. */
export interface ChunkMemory {
  readonly exports: CodecExports;
  /** Bytes that a reader has for the rest of a record. */
  carryBytes: number;
}

/** Memory for readers. */
export function chunkMemory(exports: CodecExports): ChunkMemory {
  return { exports, carryBytes: CARRY_BYTES };
}

/** What is read, and for what. */
export interface RecordChunksOptions {
  readonly records: StreamedRecords;
  readonly bytes: RecordBytes;
  readonly rules: CellRules;
  /** Whether texts of cells are to be UTF-8. */
  readonly utf8: boolean;
  /** The server's type of each column, for the binary format. */
  readonly types?: readonly WireType[] | undefined;
  /** Bytes of output that there is to be room for. */
  outputBytes(room: ChunkRoom): number;
}

/** How much of the input there may be. */
export interface ChunkRoom {
  readonly columns: number;
  /** Bytes of a slice, at the most. */
  readonly sliceBytes: number;
  /** Bytes of all input. */
  readonly inputBytes: number;
}

/** Bytes that were asked for, and how many have come. */
interface Asked {
  readonly bytes: number;
  readonly count: number | Promise<number>;
}

/** Whether records can be read so: they end where lines do, or as those of CSV. */
export function isChunked(records: StreamedRecords): boolean {
  const { format } = records;
  return isCompiled(records) && (format.kind === "csv" || format.records === undefined);
}

/** Records that are read chunk by chunk, and taken slice by slice. */
export class RecordChunks {
  readonly exports: CodecExports;
  readonly memory: Uint8Array<ArrayBuffer>;
  /** Rows of the slice that is open. */
  rows = 0;
  /** Whether a record was too large for the room there is. */
  failed = false;
  readonly #place: ChunkMemory;
  readonly #bytes: RecordBytes;
  readonly #lineEnd: number;
  readonly #chunks: readonly [number, number];
  readonly #marks = new StreamMarks();
  /** What was read and is in no slice yet stands between the two. */
  #at: number;
  #end: number;
  /** Bytes that are not asked for yet. */
  #left: number;
  /** What is read ahead into the other place. */
  #ahead: Asked | undefined;

  /** Begins to read; the reader before is closed. @throws {LoadError} `resource_exhausted` */
  constructor(place: ChunkMemory, options: RecordChunksOptions) {
    const { exports, carryBytes } = place;
    const { records, bytes, rules, utf8, types, outputBytes } = options;
    const { columns, keyBytes, slots, formatBytes } = columnSizes(records);
    const chunk = carryBytes + CHUNK_BYTES + SLACK;
    const inputBytes = 2 * chunk;
    const sliceBytes = Math.max(SLICE_BYTES, carryBytes + CHUNK_BYTES);
    const output = outputBytes({ columns, sliceBytes, inputBytes });
    if (!exports.lay(columns, keyBytes, slots, formatBytes, SLICE_ROWS, inputBytes, output)) {
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
    exports.openBatch(records.format.kind === "csv", slots, rules.nul === "keep", rules.nan, utf8);
    this.exports = exports;
    this.memory = new Uint8Array(exports.memory.buffer as ArrayBuffer);
    this.#place = place;
    this.#bytes = bytes;
    this.#lineEnd = lineEndOf(records.format);
    const first = exports.inputAt.value + carryBytes;
    this.#chunks = [first, first + chunk];
    this.#at = this.#end = first;
    this.#left = bytes.length;
    exports.hashFrom(first);
  }

  /** XXH64 of all bytes, in hex, once all slices were taken. */
  hash(): string {
    return BigInt.asUintN(64, this.exports.hashTo(this.#at)).toString(16).padStart(16, "0");
  }

  /** The marks that belong to them; see `content_hash.ts`. */
  marks(): Uint8Array<ArrayBuffer> {
    return this.#marks.chosen();
  }

  /** Waits for what is being read. */
  async close(): Promise<void> {
    try {
      await this.#ahead?.count;
    } catch {
      // Nobody wants it any more.
    }
  }

  /**
   * Opens the next slice; false where there is none among what was read. The slice before is closed.
   */
  take(): boolean {
    const { takeRecords, takenRows, openTaken, hashTaken, marksAt, closeTaken } = this.exports;
    const isLast = this.#left === 0 && this.#ahead === undefined;
    const end = takeRecords(this.#at, this.#end, SLICE_ROWS, SLICE_BYTES, isLast, this.#lineEnd);
    if (end === this.#at) return false;
    const rows = takenRows.value;
    hashTaken(rows, end);
    this.#marks.add(this.memory, marksAt.value, rows);
    openTaken(this.#at, end);
    this.#at = end;
    this.rows = rows;
    // Nothing but blank lines.
    if (rows === 0) closeTaken();
    return true;
  }

  /** Where the rows of the slice that is open begin in memory, and where the last one ends. */
  offsets(): Uint32Array {
    const { offsetsAt, memory } = this.exports;
    return new Uint32Array(memory.buffer, offsetsAt.value, this.rows + 1);
  }

  /** Closes the slice that is open: all of its rows are encoded. */
  closeSlice(): void {
    this.exports.closeTaken();
  }

  /** Brings in the next chunk; false where there is none, and where a record is too large. */
  async read(): Promise<boolean> {
    if (this.#left === 0 && !this.#ahead) return false;
    const place = this.#place;
    const rest = this.#end - this.#at;
    if (rest + STRIPE > place.carryBytes) {
      place.carryBytes = Math.min(RECORD_BYTES_MAX, place.carryBytes * 4);
      this.failed = true;
      return false;
    }
    const base = this.#chunks.find((chunk) => !this.#holds(chunk))!;
    const { bytes, count } = this.#ahead ?? this.#ask(base);
    this.#ahead = undefined;
    const read = typeof count === "number" ? count : await count;
    if (read === 0) throw new RecordsMissing();
    this.#left += bytes - read;
    this.#at = this.exports.carry(this.#at, this.#end, base);
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
    const count = this.#bytes.read(this.memory.subarray(base, base + bytes));
    // Whoever closes a reader that has failed does not look at it.
    if (typeof count !== "number") count.catch(() => {});
    return { bytes, count };
  }
}

/** There are fewer bytes than there should be. */
export class RecordsMissing extends Error {
  /** Says so. */
  constructor() {
    super("Records end before they should");
  }
}

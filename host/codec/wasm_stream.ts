/**
 * Reads records and encodes them as the data of a COPY at the same time, see `record_chunks.ts`. What is
 * made of a chunk is handed out where it stands.
 *
 * - Two places for output take turns: one of them belongs to whoever sends.
 * - Rows of which the compiled codec is not certain are written by the reference, in between.
 */
import {
  type CopyOptions,
  type CopyStream,
  PIECE_BYTES,
  PIECE_HEADROOM,
  type RecordBytes,
  type StreamedRecords,
} from "./codec.ts";
import { type ChunkMemory, isChunked, RecordChunks } from "./record_chunks.ts";
import { RowsInBetween } from "./rows_in_between.ts";
import { STOP } from "./wasm_module.ts";

/** Behind every place blocks may overshoot into. */
const SLACK = 64;

const FORMATS = { text: 0, binary: 1 } as const;

/** Begins to read; the stream before is closed. @throws {LoadError} `resource_exhausted` */
export function openStream(
  memory: ChunkMemory,
  records: StreamedRecords,
  { bytes, options }: { readonly bytes: RecordBytes; readonly options: CopyOptions },
): CopyStream {
  return isChunked(records) ? new WasmStream(memory, records, { bytes, options }) : REFUSED;
}

class WasmStream implements CopyStream {
  readonly #chunks: RecordChunks;
  readonly #options: CopyOptions;
  /** Where output begins: two places, which take turns. */
  readonly #outs: readonly [number, number];
  readonly #outBytes: number;
  readonly #between: RowsInBetween;
  #turn = 0;
  #out = 0;
  /** The next row of the slice that is open. */
  #row = 0;
  #rows = 0;
  #begun = false;
  #ended = false;
  /** A row by the reference that had no room beside others. */
  #late: Uint8Array<ArrayBuffer> | undefined;
  failed = false;
  error: unknown;

  constructor(
    memory: ChunkMemory,
    records: StreamedRecords,
    { bytes, options }: { readonly bytes: RecordBytes; readonly options: CopyOptions },
  ) {
    const { rules, types } = options;
    let outBytes = 0;
    this.#chunks = new RecordChunks(memory, {
      ...{ records, bytes, rules, types, utf8: false },
      outputBytes: ({ columns, sliceBytes }) => {
        // As much as `rowRoom` in assembly/slice.ts asks for, behind a piece that is nearly full.
        outBytes = PIECE_HEADROOM + PIECE_BYTES + 2 * sliceBytes + 32 * columns + 2 * SLACK;
        return 2 * (outBytes + SLACK);
      },
    });
    const first = memory.exports.outputAt.value;
    this.#outs = [first, first + outBytes + SLACK];
    this.#outBytes = outBytes;
    this.#options = options;
    this.#between = new RowsInBetween(records, options);
  }

  get rows(): number {
    return this.#rows;
  }

  get repaired(): number {
    return this.#between.repaired;
  }

  hash(): string {
    return this.#chunks.hash();
  }

  marks(): Uint8Array<ArrayBuffer> {
    return this.#chunks.marks();
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

  close(): Promise<void> {
    return this.#chunks.close();
  }

  async #next(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const late = this.#late;
    if (late) {
      this.#late = undefined;
      return late;
    }
    if (this.#ended) return undefined;
    const chunks = this.#chunks;
    const start = this.#outs[this.#turn = 1 - this.#turn]!;
    this.#out = start + PIECE_HEADROOM;
    if (!this.#begun) this.#put(this.#between.begin());
    this.#begun = true;
    const enough = start + PIECE_BYTES;
    while (this.#out < enough && !this.failed && !this.#late) {
      if (this.#row < chunks.rows) this.#encode(start, enough);
      else if (chunks.take()) this.#open();
      else if (!await chunks.read()) {
        this.failed = chunks.failed;
        this.#ended = true;
        this.#put(this.#between.end());
        break;
      }
    }
    if (this.failed) return undefined;
    if (this.#out > start + PIECE_HEADROOM) return chunks.memory.subarray(start, this.#out);
    return this.#ended ? undefined : await this.#next();
  }

  #open(): void {
    this.#between.forget(this.#rows);
    this.#row = 0;
  }

  #encode(start: number, enough: number): void {
    const { exports, rows } = this.#chunks;
    const { format, ordinal } = this.#options;
    const end = start + this.#outBytes;
    const from = this.#row;
    const first = ordinal ? this.#rows - from : -1;
    this.#row = exports.encodeTo(FORMATS[format], from, rows, first, this.#out, enough, end);
    this.#out = exports.outputTo.value;
    this.#rows += this.#row - from;
    if (exports.stopReason.value === STOP.unsure) this.#encodeUnsure();
    if (this.#row === rows && !this.failed) this.#chunks.closeSlice();
  }

  /** The row of which the codec is not certain, by the reference. */
  #encodeUnsure(): void {
    const row = this.#between.write(this.#chunks.memory, this.#chunks.offsets(), this.#row);
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
    this.#chunks.memory.set(bytes, this.#out);
    this.#out += bytes.length;
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

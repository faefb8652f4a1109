import type { Batch } from "../../src/model/batch.ts";
import { type CopyOptions, PIECE_HEADROOM, type StreamedRecords } from "./codec.ts";
import { type RowEncoder, rowEncoder } from "./reference/copy_encoder.ts";
import { CopyWriter } from "./reference/copy_writer.ts";

/**
 * Rows of a stream that the reference writes, since the compiled codec is not certain of them; and
 * what stands before and behind all rows. What it returns stands behind the headroom of a piece,
 * until the next call.
 */
export class RowsInBetween {
  readonly #records: StreamedRecords;
  readonly #options: CopyOptions;
  readonly #out = new CopyWriter();
  /** The rows of the slice, once one of them was asked for. */
  #slice: RowEncoder | undefined;
  #repaired = 0;
  /** Rows before the slice. */
  #before = 0;

  /** Rows of one stream. */
  constructor(records: StreamedRecords, options: CopyOptions) {
    this.#records = records;
    this.#options = options;
  }

  /** Rows in which U+0000 was stripped or escaped. */
  get repaired(): number {
    return this.#repaired + (this.#slice?.repaired ?? 0);
  }

  /** What stands before the first row. */
  begin(): Uint8Array<ArrayBuffer> {
    return this.#take((out) => this.#encoder(new Uint8Array(0), Uint32Array.of(0)).begin(out));
  }

  /** What stands behind the last row. */
  end(): Uint8Array<ArrayBuffer> {
    return this.#take((out) => this.#encoder(new Uint8Array(0), Uint32Array.of(0)).end(out));
  }

  /** Another slice is open, behind so many rows. */
  forget(before: number): void {
    this.#repaired = this.repaired;
    this.#before = before;
    this.#slice = undefined;
  }

  /** A row of the slice whose rows stand at these offsets; undefined where it is not to be taken. */
  write(
    memory: Uint8Array<ArrayBuffer>,
    offsets: Uint32Array,
    row: number,
  ): Uint8Array<ArrayBuffer> | undefined {
    const first = offsets[0]!;
    this.#slice ??= this.#encoder(
      memory.slice(first, offsets.at(-1)),
      Uint32Array.from(offsets, (offset) => offset - first),
    );
    const slice = this.#slice;
    let taken = false;
    const bytes = this.#take((out) => taken = slice.write(row, out) === undefined);
    return taken ? bytes : undefined;
  }

  #take(write: (out: CopyWriter) => void): Uint8Array<ArrayBuffer> {
    const out = this.#out;
    out.restart(PIECE_HEADROOM);
    out.length = PIECE_HEADROOM;
    write(out);
    return out.take();
  }

  #encoder(bytes: Uint8Array<ArrayBuffer>, offsets: Uint32Array<ArrayBuffer>): RowEncoder {
    const batch: Batch = {
      ...this.#records,
      bytes,
      offsets,
      sequence: 0,
      ordinal: this.#before,
      part: "",
      byteOffset: 0,
      line: 1,
    };
    return rowEncoder(batch, this.#options);
  }
}

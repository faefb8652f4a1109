import { type Batch, type RejectedRow, rowCount } from "../../../src/model/batch.ts";
import { type CopyEncoder, type CopyOptions, PIECE_BYTES, PIECE_HEADROOM } from "../codec.ts";
import { type Fault, VARIES } from "./cell_span.ts";
import { CopyBinaryRows } from "./copy_binary.ts";
import { CopyTextRows } from "./copy_text.ts";
import { CopyWriter } from "./copy_writer.ts";
import { RejectList } from "./reject_list.ts";

/** Writes rows of one batch in one format. */
export interface RowEncoder {
  /** What stands before the first row. */
  begin(out: CopyWriter): void;
  /** Writes one row of the batch; of a row with a fault, whatever was written is to be taken back. */
  write(row: number, out: CopyWriter): Fault | typeof VARIES | undefined;
  /** What stands behind the last row. */
  end(out: CopyWriter): void;
  /** Rows that were written without a fault so far in which U+0000 was stripped or escaped. */
  readonly repaired: number;
}

/** The rows of a batch in the format that is asked for. */
export function rowEncoder(batch: Batch, options: CopyOptions): RowEncoder {
  return options.format === "binary"
    ? new CopyBinaryRows(batch, options)
    : new CopyTextRows(batch, options);
}

/** Encodes a batch as the data of a COPY, row after row. */
export function encodeCopy(batch: Batch, options: CopyOptions): CopyEncoder {
  return new BatchCopy(batch, rowEncoder(batch, options));
}

class BatchCopy implements CopyEncoder {
  readonly #count: number;
  readonly #encoder: RowEncoder;
  readonly #rejects: RejectList;
  /** Two, which take turns. */
  readonly #outs = [new CopyWriter(), new CopyWriter()] as const;
  varies = false;
  #turn = 0;
  #row = 0;
  #ended = false;

  constructor(batch: Batch, encoder: RowEncoder) {
    this.#count = rowCount(batch);
    this.#encoder = encoder;
    this.#rejects = new RejectList(batch);
  }

  get rows(): number {
    return this.#row - this.#rejects.rows.length;
  }

  get rejects(): readonly RejectedRow[] {
    return this.#rejects.rows;
  }

  get repaired(): number {
    return this.#encoder.repaired;
  }

  rowOf(index: number): number {
    return this.#rejects.rowOf(index);
  }

  next(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#ended || this.varies) return undefined;
    const out = this.#outs[this.#turn = 1 - this.#turn]!;
    out.restart(PIECE_BYTES);
    out.length = PIECE_HEADROOM;
    if (this.#row === 0) this.#encoder.begin(out);
    while (this.#row < this.#count && out.length < PIECE_BYTES) {
      const start = out.length;
      const fault = this.#encoder.write(this.#row, out);
      if (fault !== undefined) {
        out.length = start;
        if (fault === VARIES) {
          this.varies = true;
          return undefined;
        }
        this.#rejects.add(this.#row, fault);
      }
      this.#row++;
    }
    this.#ended = this.#row === this.#count;
    if (this.#ended) this.#encoder.end(out);
    return out.length === PIECE_HEADROOM ? undefined : out.take();
  }
}

/**
 * Encodes a batch as the data of a COPY with the compiled codec. Rows of which that is not certain
 * are written, or rejected, by the reference, one by one.
 */
import { type Batch, type RejectedRow, rowCount } from "../../src/model/batch.ts";
import { type CopyEncoder, type CopyOptions, PIECE_BYTES, PIECE_HEADROOM } from "./codec.ts";
import { VARIES } from "./reference/cell_span.ts";
import { type RowEncoder, rowEncoder } from "./reference/copy_encoder.ts";
import { CopyWriter } from "./reference/copy_writer.ts";
import { RejectList } from "./reference/reject_list.ts";
import { STOP } from "./wasm_module.ts";
import { BatchSlices, type CodecInstance, SLICE_BYTES } from "./wasm_slices.ts";

/** Numbers of the formats in `assembly/index.ts`. */
const FORMATS = { text: 0, binary: 1 } as const;

/** Encodes a batch as the data of a COPY with the compiled codec. */
export class WasmCopy implements CopyEncoder {
  readonly #instance: CodecInstance;
  readonly #batch: Batch;
  readonly #options: CopyOptions;
  readonly #count: number;
  readonly #slices: BatchSlices;
  readonly #rows: RowEncoder;
  readonly #rejects: RejectList;
  /** Writers that no batch uses; shared with the encoders of other batches. */
  readonly #spare: CopyWriter[];
  /** What was handed out last, and before that. */
  #last: CopyWriter | undefined;
  #before: CopyWriter | undefined;
  varies = false;
  #row = 0;
  /** The row behind the slice that is open. */
  #sliceEnd = 0;
  #ended = false;

  /** An encoder of one batch. */
  constructor(
    instance: CodecInstance,
    batch: Batch,
    options: CopyOptions & { readonly spare: CopyWriter[] },
  ) {
    const columns = batch.shape.columns.length;
    this.#instance = instance;
    this.#batch = batch;
    this.#options = options;
    this.#spare = options.spare;
    this.#count = rowCount(batch);
    // As much as `rowRoom` in assembly/slice.ts asks for.
    this.#slices = new BatchSlices(instance, batch, {
      rules: options.rules,
      types: options.types,
      outputBytes: (inputBytes) => 2 * inputBytes + 32 * columns + 64,
    });
    this.#rows = rowEncoder(batch, options);
    this.#rejects = new RejectList(batch);
  }

  get rows(): number {
    return this.#row - this.#rejects.rows.length;
  }

  get rejects(): readonly RejectedRow[] {
    return this.#rejects.rows;
  }

  get repaired(): number {
    return this.#rows.repaired;
  }

  rowOf(index: number): number {
    return this.#rejects.rowOf(index);
  }

  next(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#before !== undefined) this.#spare.push(this.#before);
    this.#before = this.#last;
    this.#last = undefined;
    if (this.#ended || this.varies) return undefined;
    const out = this.#spare.pop() ?? new CopyWriter();
    out.restart(PIECE_BYTES + SLICE_BYTES);
    out.length = PIECE_HEADROOM;
    if (this.#row === 0) this.#rows.begin(out);
    // Others may have used the instance meanwhile.
    this.#sliceEnd = this.#row;
    while (this.#row < this.#count && out.length < PIECE_BYTES && !this.varies) this.#encode(out);
    this.#ended = this.#row === this.#count;
    if (this.#ended) this.#rows.end(out);
    this.#last = out;
    if (this.varies) return undefined;
    return out.length === PIECE_HEADROOM ? undefined : out.take();
  }

  /** Encodes as many rows as there are in a slice, or up to one that is not certain. */
  #encode(out: CopyWriter): void {
    if (this.#row === this.#sliceEnd) {
      this.#sliceEnd = this.#slices.open(this.#row);
      if (this.#row === this.#sliceEnd) {
        this.#sliceEnd++;
        this.#encodeUnsure(out);
        return;
      }
    }
    const { exports } = this.#instance;
    const { first } = this.#slices;
    const ordinal = this.#options.ordinal ? this.#batch.ordinal + first : -1;
    this.#row = first + exports.encode(
      FORMATS[this.#options.format],
      this.#row - first,
      this.#sliceEnd - first,
      ordinal,
    );
    const bytes = new Uint8Array(exports.memory.buffer);
    out.copy(bytes, exports.outputAt.value, exports.outputTo.value);
    if (exports.stopReason.value === STOP.unsure) this.#encodeUnsure(out);
  }

  #encodeUnsure(out: CopyWriter): void {
    const start = out.length;
    const fault = this.#rows.write(this.#row, out);
    if (fault !== undefined) {
      out.length = start;
      if (fault === VARIES) this.varies = true;
      else this.#rejects.add(this.#row, fault);
    }
    this.#row++;
  }
}

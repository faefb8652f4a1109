/**
 * Reads a batch as cells to bind with the compiled codec, which prepares a slice of rows at a time;
 * JavaScript makes the values. Rows of which that is not certain are read, or rejected, by the
 * reference, one by one.
 *
 * What was prepared is copied out of the instance's memory: others may use it between two reads.
 */
import { type Batch, type RejectedRow, rowCount } from "../../src/model/batch.ts";
import { LoadError } from "../../src/model/errors.ts";
import { type Cell, type CellOptions, type CellReader, type PackedCells, TAG } from "./codec.ts";
import { packCells } from "./packed_cells.ts";
import { VARIES } from "./reference/cell_span.ts";
import { CellRows, SMALL_INTEGERS } from "./reference/cell_rows.ts";
import { RejectList } from "./reference/reject_list.ts";
import { BatchSlices, type CodecInstance } from "./wasm_slices.ts";
import { nodeBuffer } from "../platform/node_buffer.ts";

/** What the value of a cell says, by its tag: the numbers of `assembly/cell_value.ts`. */
const NULL = TAG.null;
const NARROW = TAG.text;
const WIDE = 2;
const SHORT = TAG.short;
const LONG = TAG.long;
const DOUBLE = TAG.double;
const DOUBLE_TEXT = TAG.doubleText;
const OCTETS = TAG.octets;
const LEFT = 8;

/** Bytes behind those of packed cells, which may be read for the sake of those before. */
const SLACK = 16;

/** Cells that there is room for in a slice, unless one row has more. */
const CELLS_MAX = 32 * 1024;
/** Words of the head of the output. */
const HEAD_WORDS = 8;

/**
 * Reads a batch as cells to bind with the compiled codec, which prepares a slice of rows at a time;
 * JavaScript makes the values.
 */
export class WasmCells implements CellReader {
  readonly #instance: CodecInstance;
  readonly #batch: Batch;
  readonly #options: CellOptions;
  readonly #count: number;
  readonly #columns: number;
  /** Whether integers of a column come as numbers. */
  readonly #numbers: readonly boolean[];
  readonly #slices: BatchSlices;
  readonly #rejects: RejectList;
  /** For the rows that are left to the reference; made for the first of them. */
  #rest: CellRows | undefined;
  /** See {@linkcode CellReader}. */
  varies = false;
  #row = 0;
  /** First of the rows that are prepared, and the one behind the last. */
  #first = 0;
  #end = 0;
  /** A tag for each cell. */
  #tags = new Uint8Array(1);
  /** Eight bytes for each cell, seen as the numbers that they are, or as two halves. */
  #doubles = new Float64Array(1);
  #longs = new BigInt64Array(this.#doubles.buffer);
  #halves = new Int32Array(this.#doubles.buffer);
  /** Texts and bytes that cells are cut out of. */
  #narrow = "";
  #wide = "";
  #octets: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  /** A reader of a batch that has columns. */
  constructor(instance: CodecInstance, batch: Batch, options: CellOptions) {
    const columns = batch.shape.columns.length;
    this.#instance = instance;
    this.#batch = batch;
    this.#options = options;
    this.#count = rowCount(batch);
    this.#columns = columns;
    this.#numbers = batch.shape.columns.map((_, i) => options.numbers?.[i] === true);
    // The head, three bytes of text for each of input with slack behind, and the cells.
    this.#slices = new BatchSlices(instance, batch, {
      rules: options,
      utf8: options.packed,
      outputBytes: (inputBytes) => 3 * inputBytes + 512 + 9 * Math.max(columns, CELLS_MAX),
    });
    this.#rejects = new RejectList(batch);
  }

  /** See {@linkcode CellReader}. */
  get rejects(): readonly RejectedRow[] {
    return this.#rejects.rows;
  }

  /** See {@linkcode CellReader}. */
  get repaired(): number {
    return this.#rest?.repaired ?? 0;
  }

  /** See {@linkcode CellReader}. */
  read(rowsMax: number, out: Cell[], rows: number[]): number {
    let missing = rowsMax;
    while (missing > 0 && this.#row < this.#count && !this.varies) {
      if (this.#row === this.#end) this.#prepare();
      const count = this.#preparedRows(missing);
      if (count > 0) {
        this.#take(count, out, rows);
        missing -= count;
      } else if (this.#takeLeft(out, rows)) {
        missing--;
      }
    }
    return rowsMax - missing;
  }

  /** See {@linkcode CellReader}. */
  readPacked(rowsMax: number, rows: number[]): PackedCells | undefined {
    while (this.#row < this.#count && !this.varies) {
      if (this.#row === this.#end) this.#prepare();
      const count = this.#preparedRows(rowsMax);
      if (count > 0) return this.#takePacked(count, rows);
      const cells: Cell[] = [];
      if (this.#takeLeft(cells, rows)) return packCells(cells, 1);
    }
    return undefined;
  }

  #takePacked(count: number, rows: number[]): PackedCells {
    const first = (this.#row - this.#first) * this.#columns;
    const end = first + count * this.#columns;
    for (let row = 0; row < count; row++) rows.push(this.#row++);
    return {
      rows: count,
      tags: this.#tags.subarray(first, end),
      values: this.#doubles.subarray(first, end),
      bytes: this.#octets,
    };
  }

  /** How many rows from the current one on, up to `rowsMax`, are prepared and not left. */
  #preparedRows(rowsMax: number): number {
    const tags = this.#tags;
    const columns = this.#columns;
    const end = Math.min(this.#row + rowsMax, this.#end);
    let row = this.#row;
    let at = (row - this.#first) * columns;
    for (; row < end && tags[at] !== LEFT; row++) at += columns;
    return row - this.#row;
  }

  /** Prepares the rows from the current one on: as many as there are in a slice. */
  #prepare(): void {
    this.#first = this.#row;
    const sliceEnd = this.#slices.open(this.#row);
    if (sliceEnd === this.#row) {
      this.#end = this.#row + 1;
      this.#tags[0] = LEFT;
      return;
    }
    const { exports } = this.#instance;
    const rows = exports.readCells(0, sliceEnd - this.#row);
    this.#end = this.#row + rows;
    this.#copyOut(exports.memory.buffer, exports.outputAt.value, rows * this.#columns);
  }

  #copyOut(memory: ArrayBufferLike, outputAt: number, cells: number): void {
    const head = new Uint32Array(memory, outputAt, HEAD_WORDS);
    const [tagsAt, valuesAt, narrowAt, narrowEnd, wideAt, wideEnd, hasBytes] = head;
    if (this.#tags.length < cells) this.#grow(Math.max(cells, 2 * this.#tags.length));
    this.#tags.set(new Uint8Array(memory, tagsAt, cells));
    this.#doubles.set(new Float64Array(memory, valuesAt, cells));
    if (this.#options.packed) {
      this.#octets = new Uint8Array(memory).slice(narrowAt, narrowEnd! + SLACK);
      return;
    }
    const bytes = nodeBuffer().from(memory);
    this.#narrow = bytes.toString("latin1", narrowAt, narrowEnd);
    this.#wide = wideAt === wideEnd ? "" : bytes.toString("utf16le", wideAt, wideEnd);
    if (hasBytes === 1) this.#octets = new Uint8Array(memory).slice(narrowAt, narrowEnd);
  }

  #grow(cells: number): void {
    this.#tags = new Uint8Array(cells);
    this.#doubles = new Float64Array(cells);
    this.#longs = new BigInt64Array(this.#doubles.buffer);
    this.#halves = new Int32Array(this.#doubles.buffer);
  }

  /** Appends the cells of the next rows, which are prepared. */
  #take(count: number, out: Cell[], rows: number[]): void {
    const columns = this.#columns;
    const numbers = this.#numbers;
    const tags = this.#tags;
    const halves = this.#halves;
    const longs = this.#longs;
    const narrow = this.#narrow;
    let cell = (this.#row - this.#first) * columns;
    let at = out.length;
    // Made long enough at once: to push one cell after the other takes twice the time.
    out.length = at + count * columns;
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < columns; column++, cell++, at++) {
        switch (tags[cell]) {
          case NULL:
            out[at] = null;
            break;
          case NARROW:
            out[at] = narrow.substring(halves[2 * cell]!, halves[2 * cell + 1]!);
            break;
          case SHORT: {
            const value = halves[2 * cell]!;
            if (numbers[column]) out[at] = value;
            else if (value >= 0 && value < SMALL_INTEGERS.length) out[at] = SMALL_INTEGERS[value]!;
            else out[at] = longs[cell]!;
            break;
          }
          default:
            out[at] = this.#rare(cell, column);
        }
      }
      rows.push(this.#row++);
    }
  }

  #rare(cell: number, column: number): Cell {
    const start = this.#halves[2 * cell]!;
    const end = this.#halves[2 * cell + 1]!;
    switch (this.#tags[cell]) {
      case WIDE:
        return this.#wide.substring(start, end);
      case LONG: {
        const value = this.#longs[cell]!;
        const number = Number(value);
        return this.#numbers[column] && Number.isSafeInteger(number) ? number : value;
      }
      case DOUBLE:
        return this.#doubles[cell]!;
      case DOUBLE_TEXT:
        return Number(this.#narrow.substring(start, end));
      case OCTETS:
        return this.#octets.slice(start, end);
    }
    throw new LoadError("A cell was prepared as nothing known", { code: "bug", blame: "host" });
  }

  /** Appends the current row, which is left to the reference, unless that rejects it. */
  #takeLeft(out: Cell[], rows: number[]): boolean {
    this.#rest ??= new CellRows(this.#batch, this.#options);
    const row = this.#row++;
    const start = out.length;
    const fault = this.#rest.append(row, out);
    if (fault === undefined) {
      rows.push(row);
      return true;
    }
    out.length = start;
    if (fault === VARIES) this.varies = true;
    else this.#rejects.add(row, fault);
    return false;
  }
}

/**
 * Packed cells as the vectors of a data chunk, a column at a time.
 *
 * A vector of texts holds 16 bytes for each: its length, and itself up to 12 bytes, else its first 4
 * and where it stands (`duckdb_string_t` of duckdb.h). Texts stand in a heap that is handed over whole,
 * with each piece of rows: a vector of its own, which knows where it has put it.
 */
import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  type DuckDBType,
  INTEGER,
  SMALLINT,
  VARCHAR,
} from "@duckdb/node-api";
import bindings from "@duckdb/node-bindings";
import type { ColumnType } from "../../../src/model/column_type.ts";
import { type PackedCells, TAG } from "../../codec/codec.ts";

/** Rows of a vector. */
export const VECTOR_ROWS = 2_048;

const TYPES: Partial<Record<ColumnType, DuckDBType>> = {
  boolean: BOOLEAN,
  int16: SMALLINT,
  int32: INTEGER,
  int64: BIGINT,
  float32: DOUBLE,
  float64: DOUBLE,
  bytes: BLOB,
};
/** Bytes of a value, but for texts and bytes. */
const WIDTHS = new Map<DuckDBType, number>([
  ...[[BOOLEAN, 1], [SMALLINT, 2], [INTEGER, 4], [BIGINT, 8], [DOUBLE, 8]] as const,
]);
/** By how many bytes of it count. */
const MASKS = [0, 0xff, 0xffff, 0xffffff, -1] as const;

/** One column's values, as its vector is to hold them. */
interface Column {
  readonly type: DuckDBType;
  /** Bytes of a value. */
  readonly width: number;
  readonly values: ArrayBuffer;
  /** A bit for each row that is not NULL. */
  readonly valid: Uint8Array<ArrayBuffer>;
  hasNull: boolean;
}

/** The type of a vector whose values the engine casts to what their column is declared as. */
export function vectorType(type: ColumnType): DuckDBType {
  return TYPES[type] ?? VARCHAR;
}

/** Rows that wait until the engine asks for them. */
export class Chunk {
  /** Numbers of its rows within their batch. */
  readonly rows: number[] = [];
  readonly #columns: readonly Column[];
  readonly #heap = DuckDBDataChunk.create([BLOB]);
  #pieces = 0;

  /** An empty chunk. */
  constructor(types: readonly DuckDBType[]) {
    this.#columns = types.map(columnOf);
  }

  /**
   * Adds rows, for which there is room, by their cells and their numbers; `ordinal` is that of the row
   * of number 0, where a last column has ordinals.
   */
  add(cells: PackedCells, rows: readonly number[], ordinal: number): void {
    const heap = this.#keep(cells.bytes);
    for (const [place, column] of this.#columns.entries()) {
      if (place * cells.rows === cells.tags.length) this.#addOrdinals(column, rows, ordinal);
      else if (column.width === 16) this.#addTexts(column, place, cells, heap);
      else this.#addNumbers(column, place, cells);
    }
    this.rows.push(...rows);
  }

  /** Puts them into a chunk of the engine's, for as long as this stays as it is. */
  copyTo(data: DuckDBDataChunk): void {
    const rows = data.rowCount = this.rows.length;
    for (const [i, { width, values, valid, hasNull }] of this.#columns.entries()) {
      const vector = bindings.data_chunk_get_vector(data.chunk, i);
      bindings.copy_data_to_vector(vector, 0, values, 0, width * rows);
      if (!hasNull) continue;
      bindings.vector_ensure_validity_writable(vector);
      bindings.copy_data_to_vector_validity(vector, 0, valid.buffer, 0, 8 * Math.ceil(rows / 64));
    }
  }

  /** Begins again. */
  clear(): void {
    this.rows.length = this.#pieces = 0;
    this.#heap.reset();
    for (const column of this.#columns) {
      if (!column.hasNull) continue;
      column.valid.fill(255);
      column.hasNull = false;
    }
  }

  /** Puts bytes where they stay until this begins again; returns their address. */
  #keep(bytes: Uint8Array): number {
    const vector = bindings.data_chunk_get_vector(this.#heap.chunk, 0);
    const at = this.#pieces++;
    bindings.vector_assign_string_element_len(vector, at, bytes);
    const { buffer, byteOffset } = bindings.vector_get_data(vector, 16 * this.#pieces);
    const view = new DataView(buffer, byteOffset + 16 * at + 8);
    return view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true);
  }

  #addTexts(
    column: Column,
    place: number,
    { rows, tags, values, bytes }: PackedCells,
    heap: number,
  ): void {
    const spans = new Int32Array(values.buffer, values.byteOffset);
    const text = new DataView(bytes.buffer, bytes.byteOffset);
    const out = new Int32Array(column.values);
    const width = tags.length / rows;
    let to = 4 * this.rows.length;
    for (let row = 0, cell = place; row < rows; row++, cell += width, to += 4) {
      if (tags[cell] === TAG.null) {
        this.#addNull(column, row);
        out.fill(0, to, to + 4);
        continue;
      }
      const start = spans[2 * cell]!;
      const length = spans[2 * cell + 1]! - start;
      out[to] = length;
      if (length > 12) {
        const address = heap + start;
        out[to + 1] = text.getInt32(start, true);
        out[to + 2] = address;
        out[to + 3] = address / 2 ** 32;
        continue;
      }
      for (let word = 0; word < 3; word++) {
        const left = length - 4 * word;
        out[to + 1 + word] = left <= 0 ? 0 : text.getInt32(start + 4 * word, true) &
          (left >= 4 ? -1 : MASKS[left]!);
      }
    }
  }

  #addNumbers(column: Column, place: number, { rows, tags, values, bytes }: PackedCells): void {
    const halves = new Int32Array(values.buffer, values.byteOffset);
    const { type, values: buffer } = column;
    const doubles = new Float64Array(buffer, 0, buffer.byteLength >> 3);
    const words = new Int32Array(buffer);
    const out = column.width === 1
      ? new Uint8Array(buffer)
      : column.width === 2
      ? new Int16Array(buffer)
      : words;
    const width = tags.length / rows;
    let to = this.rows.length;
    for (let row = 0, cell = place; row < rows; row++, cell += width, to++) {
      const tag = tags[cell];
      if (tag === TAG.null) this.#addNull(column, row);
      else if (tag === TAG.double) doubles[to] = values[cell]!;
      else if (tag === TAG.doubleText) {
        doubles[to] = Number(
          decoder.decode(bytes.subarray(halves[2 * cell]!, halves[2 * cell + 1]!)),
        );
      } else if (type !== BIGINT) out[to] = halves[2 * cell]!;
      else {
        words[2 * to] = halves[2 * cell]!;
        words[2 * to + 1] = halves[2 * cell + 1]!;
      }
    }
  }

  #addOrdinals({ values }: Column, rows: readonly number[], ordinal: number): void {
    const longs = new BigInt64Array(values);
    for (const [i, row] of rows.entries()) longs[this.rows.length + i] = BigInt(ordinal + row);
  }

  #addNull(column: Column, row: number): void {
    const at = this.rows.length + row;
    column.valid[at >> 3]! &= ~(1 << (at & 7));
    column.hasNull = true;
  }
}

const decoder = new TextDecoder();

function columnOf(type: DuckDBType): Column {
  const width = WIDTHS.get(type) ?? 16;
  return {
    ...{ type, width, values: new ArrayBuffer(width * VECTOR_ROWS) },
    valid: new Uint8Array(VECTOR_ROWS / 8).fill(255),
    hasNull: false,
  };
}

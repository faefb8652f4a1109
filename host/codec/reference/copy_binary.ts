import type { Batch, Column } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import type { CopyOptions, WireType } from "../codec.ts";
import { BatchReader } from "./batch_reader.ts";
import { doubleBytes, numericBytes, singleBytes } from "./binary_number.ts";
import { daysOf, instantOf, microsecondsOf, uuidBytes } from "./binary_time.ts";
import { CellCheck } from "./cell_check.ts";
import { type CellColumn, cellColumns } from "./cell_column.ts";
import type { Fault, VARIES } from "./cell_span.ts";
import type { RowEncoder } from "./copy_encoder.ts";
import type { CopyWriter } from "./copy_writer.ts";
import { cellFault } from "./reject_list.ts";
import { FITS, IS_NULL } from "./verdict.ts";

/** Signature, no flags, no header extension. */
const HEAD = Uint8Array.from([
  ...[0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00],
  ...[0, 0, 0, 0],
  ...[0, 0, 0, 0],
]);
/** In place of a number of fields: there is no further row. */
const TRAILER = Uint8Array.from([0xff, 0xff]);
/** In place of a length: the field is NULL. */
const NULL_LENGTH = -1;
/** The one version of `jsonb` on the wire. */
const JSONB_VERSION = 1;

/** The logical types of which a wire type holds every value that fits them. */
const LOGICAL_TYPES: Readonly<Record<WireType, readonly ColumnType[]>> = {
  bool: ["boolean"],
  int2: ["int16"],
  int4: ["int32"],
  int8: ["int64"],
  numeric: ["decimal"],
  float4: ["float32"],
  float8: ["float64"],
  text: ["text", "other"],
  json: ["json"],
  jsonb: ["json"],
  bytea: ["bytes"],
  date: ["date"],
  time: ["time"],
  timestamp: ["timestamp"],
  timestamptz: ["timestamptz"],
  uuid: ["uuid"],
};

/** One character a byte. */
const latin1 = new TextDecoder("latin1");

/**
 * Writes rows as PostgreSQL's binary COPY data (manual, COPY, "Binary Format"): each row the number
 * of its fields, each field its length and its data, as the type's own `recv` function reads them.
 */
export class CopyBinaryRows implements RowEncoder {
  readonly #batch: Batch;
  readonly #ordinal: boolean;
  readonly #types: readonly WireType[];
  readonly #reader: BatchReader;
  readonly #columns: readonly CellColumn[];
  readonly #check: CellCheck;
  readonly #number = new DataView(new ArrayBuffer(8));
  /** See {@linkcode RowEncoder}. */
  repaired = 0;

  /** An encoder of one batch. @throws {LoadError} `bug` without a fitting type for each column */
  constructor(batch: Batch, options: CopyOptions) {
    const types = options.types ?? [];
    if (!fit(types, batch.shape.columns)) {
      throw new LoadError("A binary COPY was asked for without types that fit its columns", {
        code: "bug",
        blame: "host",
      });
    }
    this.#batch = batch;
    this.#ordinal = options.ordinal;
    this.#types = types;
    this.#reader = new BatchReader(batch);
    this.#columns = cellColumns(batch);
    this.#check = new CellCheck(batch.bytes, options.rules);
  }

  /** Signature and flags. */
  begin(out: CopyWriter): void {
    out.copy(HEAD, 0, HEAD.length);
  }

  /** The trailer. */
  end(out: CopyWriter): void {
    out.copy(TRAILER, 0, TRAILER.length);
  }

  /** See {@linkcode RowEncoder}. */
  write(row: number, out: CopyWriter): Fault | typeof VARIES | undefined {
    const fault = this.#reader.read(row);
    if (fault !== undefined) return fault;
    const { repairs } = this.#check;
    this.#int16(out, this.#columns.length + (this.#ordinal ? 1 : 0));
    for (const column of this.#columns) {
      const verdict = this.#check.check(column, this.#reader.spans);
      if (verdict === IS_NULL) this.#int32(out, NULL_LENGTH);
      else if (verdict !== FITS) return cellFault(column, verdict);
      else this.#field(out, this.#types[column.index]!);
    }
    if (this.#check.repairs > repairs) this.repaired++;
    if (this.#ordinal) this.#integer(out, 8, BigInt(this.#batch.ordinal + row));
    return undefined;
  }

  /** The field that the check's text is. */
  #field(out: CopyWriter, type: WireType): void {
    const { src, from, to } = this.#check;
    switch (type) {
      case "bool":
        this.#int32(out, 1);
        return out.byte(this.#check.truth ? 1 : 0);
      case "text":
      case "json":
      case "bytea":
        this.#int32(out, to - from);
        return out.copy(src, from, to);
      case "jsonb":
        this.#int32(out, 1 + to - from);
        out.byte(JSONB_VERSION);
        return out.copy(src, from, to);
      default:
        return this.#scalar(out, type, latin1.decode(src.subarray(from, to)));
    }
  }

  /** A field whose text is ASCII. */
  #scalar(out: CopyWriter, type: WireType, text: string): void {
    switch (type) {
      case "int2":
        return this.#integer(out, 2, BigInt(text));
      case "int4":
        return this.#integer(out, 4, BigInt(text));
      case "int8":
        return this.#integer(out, 8, BigInt(text));
      case "numeric":
        return this.#bytes(out, numericBytes(text));
      case "float4":
        return this.#bytes(out, singleBytes(text));
      case "float8":
        return this.#bytes(out, doubleBytes(text));
      case "date":
        return this.#integer(out, 4, BigInt(daysOf(text)));
      case "time":
        return this.#integer(out, 8, microsecondsOf(text));
      case "timestamp":
      case "timestamptz":
        return this.#integer(out, 8, instantOf(text));
      case "uuid":
        return this.#bytes(out, uuidBytes(text));
      default:
        throw new LoadError("A text was to be written as a number", { code: "bug", blame: "host" });
    }
  }

  #bytes(out: CopyWriter, bytes: Uint8Array): void {
    this.#int32(out, bytes.length);
    out.copy(bytes, 0, bytes.length);
  }

  /** The last bytes of an integer, as a field. */
  #integer(out: CopyWriter, size: 2 | 4 | 8, value: bigint): void {
    this.#int32(out, size);
    this.#number.setBigInt64(0, value);
    out.copy(new Uint8Array(this.#number.buffer), 8 - size, 8);
  }

  #int16(out: CopyWriter, value: number): void {
    out.byte(value >> 8 & 0xff);
    out.byte(value & 0xff);
  }

  #int32(out: CopyWriter, value: number): void {
    this.#int16(out, value >> 16);
    this.#int16(out, value);
  }
}

function fit(types: readonly WireType[], columns: readonly Column[]): boolean {
  return types.length === columns.length &&
    columns.every(({ type }, i) => LOGICAL_TYPES[types[i]!].includes(type));
}

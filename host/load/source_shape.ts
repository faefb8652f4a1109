import type { DatabaseBackend, LiveTable } from "../../src/model/backend.ts";
import type { Column, RecordFormat } from "../../src/model/batch.ts";
import type { ShapeOrigin } from "../../src/model/shape_origin.ts";
import type { RawBatch } from "../../src/batching/batcher.ts";
import { findShape, type FoundShape } from "../../src/load/shape.ts";
import { firstNames, headerColumns, sourceColumns } from "./source_columns.ts";
import type { Source } from "../sources/source.ts";

/** What is known beforehand. */
export interface KnownShape extends Required<Omit<ShapeOrigin, "inferred" | "openRecords">> {
  readonly backend: Pick<DatabaseBackend, "describeTable">;
  /** Ends waiting for the backend. */
  readonly signal?: AbortSignal | undefined;
  /** See `Source.kinds`. */
  readonly kinds: Source["kinds"];
}

/** What the rows of a load are to be, found out as its first batches come. */
export class SourceShape {
  readonly #from: KnownShape;
  #live: Promise<LiveTable | undefined> | undefined;
  #format: RecordFormat | undefined;
  #columns: readonly Column[] | undefined;

  /** Nothing is asked of the backend before a batch, or the shape, is. */
  constructor(from: KnownShape) {
    this.#from = from;
  }

  /**
   * Takes up the columns that a batch tells; false where it tells none, since no record of it that
   * can be read has a field.
   *
   * @throws {LoadError} `source_malformed` if there are more fields than a table can have columns
   */
  async read(batch: RawBatch): Promise<boolean> {
    this.#format = batch.format;
    const { key, known, kinds } = this.#from;
    if (known) return true;
    const { columns, told } = await sourceColumns(batch, { key, kinds, live: await this.#table() });
    if (columns.length > 0) this.#columns = columns;
    return told;
  }

  /** Whether the first rows are enough to read the columns from, so that no whole batch has to be. */
  async isEnough(first: RawBatch): Promise<boolean> {
    if (this.#from.known) return true;
    const live = await this.#table();
    return live !== undefined && firstNames(live, first) !== undefined;
  }

  /**
   * The shape by what was read, and, where nothing was, by what a header names; undefined where
   * nothing tells the columns.
   *
   * @throws {LoadError} as {@linkcode resolveShape}
   */
  async resolve(format: RecordFormat | undefined): Promise<FoundShape | undefined> {
    this.#format ??= format;
    const { table, mode, key, known, bytes, varied } = this.#from;
    const inferred = known ? undefined : this.#columns ?? headerColumns(this.#format, key);
    const openRecords = this.#format?.kind !== "csv";
    const origin = { table, mode, key, known, inferred, bytes, openRecords, varied };
    return findShape(origin, await this.#table());
  }

  #table(): Promise<LiveTable | undefined> {
    const { backend, table, signal } = this.#from;
    return this.#live ??= backend.describeTable?.(table, signal) ?? Promise.resolve(undefined);
  }
}

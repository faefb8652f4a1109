import { type Batch, rowCount } from "../../../src/model/batch.ts";
import type { Codec } from "../../../host/codec/codec.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { batchOfParts, rowsOfBatch } from "./differential_batch.ts";
import { type Difference, differenceOf, quoted } from "./differential_compare.ts";
import type { Task } from "./differential_task.ts";

/** Makes a codec: again for each try, since one that failed may be broken. */
export type CodecSource = () => Promise<Codec>;

/** Tries to make a task smaller, at the most, and milliseconds after which none begins. */
const TRIES_MAX = 3000;
const TRIES_MS = 10_000;

/**
 * Makes the task that shows a difference as small as it can be, and says how it can be seen again.
 * A difference that shows only in company is left as it was.
 */
export async function shrunk(source: CodecSource, difference: Difference): Promise<Difference> {
  const search = new Search(source, difference);
  if (!await search.keeps(difference.task)) return difference;
  for (let round = 0; round < 3; round++) {
    await search.dropRows();
    await search.dropFields();
    await search.dropBytes();
    await search.dropColumns();
  }
  return search.best;
}

class Search {
  readonly #source: CodecSource;
  #best: Difference;
  #tries = 0;
  readonly #started = performance.now();

  constructor(source: CodecSource, difference: Difference) {
    this.#source = source;
    this.#best = difference;
  }

  get best(): Difference {
    return this.#best;
  }

  get #batch(): Batch {
    return this.#best.task.batch;
  }

  /** Whether a smaller task still shows a difference; then it is the best one. */
  async keeps(task: Task): Promise<boolean> {
    if (this.#tries++ > TRIES_MAX || performance.now() - this.#started > TRIES_MS) return false;
    const pair = { reference: await createReferenceCodec(), candidate: await this.#source() };
    const text = differenceOf(pair, task);
    if (text !== undefined) this.#best = { task, text };
    return text !== undefined;
  }

  async dropRows(): Promise<void> {
    for (let size = Math.ceil(rowCount(this.#batch) / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let first = 0; first < rowCount(this.#batch);) {
        const count = rowCount(this.#batch);
        const last = Math.min(count, first + size);
        if (count === last - first || !await this.keeps(this.#withoutRows(first, last))) {
          first += size;
        }
      }
    }
  }

  /** Drops what stands between two delimiters, with the one behind it. */
  async dropFields(): Promise<void> {
    const { format } = this.#batch;
    const delimiter = format.kind === "csv" ? format.delimiter.charCodeAt(0) : 0x2c;
    for (let row = 0; row < Math.min(3, rowCount(this.#batch)); row++) {
      const record = () => this.#records()[row]!;
      let from = format.kind === "csv" ? 0 : 1;
      for (let to; (to = record().indexOf(delimiter, from)) >= 0;) {
        if (!await this.keeps(this.#withoutBytes(row, from, to + 1))) from = to + 1;
      }
    }
  }

  async dropBytes(): Promise<void> {
    if (rowCount(this.#batch) > 3) return;
    for (let row = 0; row < rowCount(this.#batch); row++) {
      const length = () => this.#records()[row]!.length;
      for (let size = Math.ceil(length() / 2); size >= 1; size = Math.floor(size / 2)) {
        for (let from = 0; from < length();) {
          if (!await this.keeps(this.#withoutBytes(row, from, from + size))) from += size;
        }
      }
    }
  }

  async dropColumns(): Promise<void> {
    for (let column = this.#batch.shape.columns.length - 1; column >= 0; column--) {
      if (this.#batch.shape.columns.length > 1) await this.keeps(this.#withoutColumn(column));
    }
  }

  #records(): Uint8Array[] {
    const { bytes, offsets } = this.#batch;
    return [...offsets.subarray(1)].map((end, row) => bytes.subarray(offsets[row], end));
  }

  #withoutRows(first: number, last: number): Task {
    const records = this.#records().toSpliced(first, last - first);
    return this.#withBatch(records, this.#batch);
  }

  #withoutBytes(row: number, from: number, to: number): Task {
    const records = this.#records();
    const record = records[row]!;
    const rest = record.slice(0, Math.max(from, record.length - (to - from)));
    rest.set(record.subarray(to), from);
    records[row] = rest;
    return this.#withBatch(records, this.#batch);
  }

  #withoutColumn(column: number): Task {
    const { task } = this.#best;
    const without = <T>(list: readonly T[]): T[] => list.toSpliced(column, 1);
    const { shape } = this.#batch;
    const batch = { ...this.#batch, shape: { ...shape, columns: without(shape.columns) } };
    if (task.kind === "copy") {
      const types = task.options.types && { types: without(task.options.types) };
      return { ...task, batch, options: { ...task.options, ...types } };
    }
    const numbers = task.options.numbers && { numbers: without(task.options.numbers) };
    return { ...task, batch, options: { ...task.options, ...numbers } };
  }

  #withBatch(records: readonly Uint8Array[], batch: Batch): Task {
    const { bytes, offsets } = batchOfParts({
      records,
      columns: batch.shape.columns,
      format: batch.format,
    });
    return { ...this.#best.task, batch: { ...batch, bytes, offsets } };
  }
}

/** A difference as text: shape, format, options, the records, and what came of them. */
export function describe({ task, text }: Difference): string {
  const { batch, options } = task;
  const columns = batch.shape.columns.slice(0, 20).map(({ name, type, nullable, inferred }) =>
    `${JSON.stringify(name)} ${type}${nullable ? "" : " not null"}${inferred ? " inferred" : ""}`
  );
  const shown = rowsOfBatch(batch, 0, Math.min(4, rowCount(batch)));
  return [
    `${task.kind} ${JSON.stringify(options)}${task.kind === "cells" ? ` slice ${task.slice}` : ""}`,
    `format: ${JSON.stringify(batch.format).slice(0, 500)}`,
    `columns (${batch.shape.columns.length}): ${columns.join(", ")}`,
    ...(batch.optional
      ? [`optional: ${batch.optional.map(({ name }) => JSON.stringify(name))}`]
      : []),
    `rows (${rowCount(batch)}), offsets ${shown.offsets.join(" ")}: ` +
    quoted(shown.bytes.subarray(0, 1500)),
    `differs: ${text}`,
  ].map((line) => line.slice(0, 3000)).join("\n  ");
}

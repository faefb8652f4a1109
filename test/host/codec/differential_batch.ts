/** Batches out of a seed: a shape, records in one format, damage to some, and cuts at odd places. */
import type { Batch, Column, RecordFormat } from "../../../src/model/batch.ts";
import { damaged } from "./differential_mutation.ts";
import type { Random } from "./differential_random.ts";
import { CALM, csvFormatFor, csvRecord, jsonRecord, recordStyle } from "./differential_record.ts";
import { columnsOfShape } from "./differential_shape.ts";

const encoder = new TextEncoder();

/** A batch of about so many cells at the most, in which everything else is left to chance. */
export function randomBatch(r: Random, cellsMax: number): Batch {
  const columns = columnsOfShape(r);
  const style = recordStyle(r, columns.length);
  const csv = r.chance(0.4) ? csvFormatFor(r, columns) : undefined;
  const format: RecordFormat = csv ?? { kind: "ndjson" };
  const rows = 1 + r.small(Math.ceil(cellsMax / (5 + columns.length)));
  const damage = r.pick([0, 0, 0, 0.02, 0.2, 1]);
  const calm = r.chance(0.3) ? 2 / 3 : 0;
  const records: Uint8Array[] = [];
  for (let row = 0; row < rows; row++) {
    const own = r.chance(calm) ? CALM : style;
    const text = csv === undefined ? jsonRecord(r, columns, own) : csvRecord(r, columns, csv, own);
    const record = encoder.encode(text);
    const donor = records.length === 0 ? record : r.pick(records);
    const whole = damage === 0 || own === CALM || !r.chance(damage);
    records.push(whole ? record : damaged(r, record, donor));
  }
  return varying(r, assembled(r, { records, columns, format }));
}

/** Now and then some columns are optional, and some of those are not in the shape. */
function varying(r: Random, batch: Batch): Batch {
  if (r.chance(0.6)) return batch;
  const { columns } = batch.shape;
  const share = r.pick([0.1, 0.5, 1]);
  const optional = columns.filter(() => r.chance(share));
  const outside = r.chance(0.3) ? optional.filter(() => r.chance(0.3)) : [];
  const rest = columns.filter((column) => !outside.includes(column));
  if (rest.length === 0) return { ...batch, optional };
  return { ...batch, optional, shape: { ...batch.shape, columns: rest } };
}

/** What a batch is made of. */
export interface BatchParts {
  readonly records: readonly Uint8Array[];
  readonly columns: readonly Column[];
  readonly format: RecordFormat;
}

/**
 * A batch that lies somewhere in a larger buffer, begins with blank lines now and then, and whose
 * records are now and then cut elsewhere than where they end: also within a character.
 */
function assembled(r: Random, parts: BatchParts): Batch {
  const before = r.chance(0.3) ? r.below(70) : 0;
  const lead = r.chance(0.2) ? r.letters("\n\r", r.between(1, 9)) : "";
  const batch = batchOfParts(parts, { before, lead, after: r.below(70) });
  const { offsets } = batch;
  const jitter = r.chance(0.1) ? 0.3 : 0;
  for (let row = 1; jitter > 0 && row + 1 < offsets.length; row++) {
    if (!r.chance(jitter)) continue;
    const low = offsets[row - 1]!;
    const high = offsets[row + 1]!;
    offsets[row] = Math.min(high, Math.max(low, offsets[row]! + r.between(-6, 6)));
  }
  const last = Number.MAX_SAFE_INTEGER - offsets.length;
  const ordinal = r.pick([0, 1, 99_990, 4_294_967_290, last]);
  return { ...batch, ordinal, line: r.pick([1, 7, 4_294_967_296]), part: r.pick(["a", "größe"]) };
}

/** Where the batch lies in its buffer, and what stands before its first record. */
export interface Placement {
  /** Bytes of the buffer that lie before the batch and behind it. */
  readonly before?: number;
  readonly after?: number;
  /** Line ends before the first record. */
  readonly lead?: string;
}

/** The batch of some records. What surrounds it in the buffer are bytes that no reader would pass. */
export function batchOfParts(
  { records, columns, format }: BatchParts,
  { before = 0, after = 0, lead = "" }: Placement = {},
): Batch {
  const offsets = new Uint32Array(records.length + 1);
  offsets[0] = lead.length;
  records.forEach((record, i) => offsets[i + 1] = offsets[i]! + record.length);
  const length = offsets[records.length]!;
  const bytes = new Uint8Array(new ArrayBuffer(before + length + after), before, length);
  new Uint8Array(bytes.buffer).fill(0xc3);
  encoder.encodeInto(lead, bytes);
  records.forEach((record, i) => bytes.set(record, offsets[i]!));
  return {
    shape: { table: { name: "t" }, columns, mode: "append" },
    format,
    bytes,
    offsets,
    sequence: 0,
    ordinal: 0,
    part: "sample",
    byteOffset: 0,
    line: 1,
  };
}

/** Some rows of a batch, as a batch of its own with the same place in the load. */
export function rowsOfBatch(batch: Batch, first: number, last: number): Batch {
  const from = batch.offsets[first]!;
  return {
    ...batch,
    bytes: batch.bytes.slice(from, batch.offsets[last]!),
    offsets: batch.offsets.slice(first, last + 1).map((offset) => offset - from),
    ordinal: batch.ordinal + first,
  };
}

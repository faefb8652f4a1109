/**
 * Asks a codec for everything that it makes of a batch, step by step, so that several such tasks can
 * take turns. On the way it holds the codec to what its interface says beyond the outcome: pieces
 * stay as they are until the next but one is asked for, what their owner writes into them meanwhile
 * does no harm, and the counts are true at every step.
 */
import { Buffer } from "node:buffer";
import { type Batch, type RejectedRow, rowCount } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import { NUL_RULES } from "../../../src/model/nul_rule.ts";
import {
  type Cell,
  type CellOptions,
  type Codec,
  type CopyEncoder,
  type CopyOptions,
  PIECE_HEADROOM,
  type WireType,
} from "../../../host/codec/codec.ts";
import type { Random } from "./differential_random.ts";

/** Rejects looked at by all calls of `rowOf` together, at the most. */
const LOOKS_MAX = 2_000_000;

/** What a codec is asked for. */
export type Task =
  | { readonly kind: "copy"; readonly batch: Batch; readonly options: CopyOptions }
  | {
    readonly kind: "cells";
    readonly batch: Batch;
    readonly options: CellOptions;
    /** Rows asked for at once. */
    readonly slice: number;
  };

/** Everything that came of a task. */
export interface Outcome {
  /** The data of a COPY, all pieces joined. */
  readonly bytes: Uint8Array;
  readonly cells: readonly Cell[];
  /** How many rows were taken. */
  readonly count: number;
  /** The numbers within the batch of rows that were taken: of all of them, unless they are many. */
  readonly rows: readonly number[];
  readonly rejects: readonly RejectedRow[];
  /** How many of the rows that were taken were repaired. */
  readonly repaired: number;
  /** Whether a row varies: then nothing is said of those that were taken before it. */
  readonly varies: boolean;
}

/** The wire types of each logical type. */
export const WIRE_TYPES: Readonly<Record<ColumnType, readonly WireType[]>> = {
  boolean: ["bool"],
  int16: ["int2"],
  int32: ["int4"],
  int64: ["int8"],
  decimal: ["numeric"],
  float32: ["float4"],
  float64: ["float8"],
  text: ["text"],
  json: ["json", "jsonb"],
  bytes: ["bytea"],
  date: ["date"],
  time: ["time"],
  timestamp: ["timestamp"],
  timestamptz: ["timestamptz"],
  uuid: ["uuid"],
  other: ["text"],
};

/** The three tasks that a batch has, with options left to chance. */
export function randomTasks(r: Random, batch: Batch): Task[] {
  const rules = () => ({ nul: r.pick(["keep", ...NUL_RULES] as const), nan: r.chance(0.5) });
  const { columns } = batch.shape;
  const types = columns.map(({ type }) => r.pick(WIRE_TYPES[type]));
  const numbers = r.pick([undefined, columns.map(() => r.chance(0.5))]);
  const cells = { ...rules(), ...(numbers === undefined ? {} : { numbers }) };
  const slice = r.pick([1, 3, 64, 1000, rowCount(batch)]);
  return [
    { kind: "copy", batch, options: { format: "text", ordinal: r.chance(0.5), rules: rules() } },
    {
      kind: "copy",
      batch,
      options: { format: "binary", types, ordinal: r.chance(0.5), rules: rules() },
    },
    { kind: "cells", batch, options: cells, slice },
  ];
}

/** Begins a task; each turn of the generator is one call of the codec. */
export function begin(codec: Codec, task: Task): Generator<void, Outcome> {
  return task.kind === "copy"
    ? copyData(codec, task.batch, task.options)
    : cellData(codec, task.batch, task);
}

/** Goes through with a task without a pause. */
export function perform(codec: Codec, task: Task): Outcome {
  const turns = begin(codec, task);
  while (true) {
    const turn = turns.next();
    if (turn.done) return turn.value;
  }
}

function* copyData(codec: Codec, batch: Batch, options: CopyOptions): Generator<void, Outcome> {
  const encoder = codec.copy(batch, options);
  const pieces: Uint8Array[] = [];
  let last: { readonly piece: Uint8Array; readonly copy: Uint8Array } | undefined;
  for (let piece; (piece = encoder.next()) !== undefined;) {
    hold(piece.length > PIECE_HEADROOM, "a piece is empty");
    if (last !== undefined) {
      hold(same(last.piece, last.copy), "a piece changed when the next one was asked for");
      last.piece.fill(0xa5);
    }
    piece.fill(0xee, 0, PIECE_HEADROOM);
    last = { piece, copy: piece.slice() };
    pieces.push(last.copy.subarray(PIECE_HEADROOM));
    if (options.format === "text") countRows(encoder, pieces);
    hold(encoder.repaired <= encoder.rows, "more rows are repaired than there are");
    yield;
  }
  hold(last === undefined || same(last.piece, last.copy), "the last piece changed at the end");
  hold(encoder.next() === undefined, "a piece comes after the end");
  const { rows: count, rejects, repaired, varies } = encoder;
  if (varies) return varied(rejects);
  return {
    bytes: join(pieces),
    cells: [],
    count,
    rows: rowNumbers(encoder),
    rejects,
    repaired,
    varies,
  };
}

/** `rowOf` may look at all rejects each time: where that is too much, only some rows are asked for. */
function rowNumbers(encoder: CopyEncoder): number[] {
  const step = Math.ceil((1 + encoder.rows * encoder.rejects.length) / LOOKS_MAX);
  const count = Math.ceil(encoder.rows / step);
  return Array.from({ length: count }, (_, index) => encoder.rowOf(index * step));
}

/** Line ends stand in COPY text only behind rows. */
function countRows(encoder: CopyEncoder, pieces: readonly Uint8Array[]): void {
  let rows = 0;
  for (const piece of pieces) {
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) rows++;
    hold(piece.at(-1) === 10, "a piece ends within a row");
  }
  hold(rows === encoder.rows, `${rows} rows are in the pieces, and ${encoder.rows} are counted`);
}

function* cellData(
  codec: Codec,
  batch: Batch,
  { options, slice }: { readonly options: CellOptions; readonly slice: number },
): Generator<void, Outcome> {
  const reader = codec.cells(batch, options);
  const width = batch.shape.columns.length;
  const cells: Cell[] = [];
  const rows: number[] = [];
  for (let count; (count = reader.read(slice, cells, rows)) > 0;) {
    hold(count <= slice, "more rows were read than asked for");
    hold(cells.length === rows.length * width, "cells and rows do not agree");
    hold(reader.repaired <= rows.length, "more rows are repaired than there are");
    yield;
  }
  hold(reader.read(slice, cells, rows) === 0, "a row comes after the end");
  const { rejects, repaired, varies } = reader;
  if (varies) return varied(rejects);
  return { bytes: new Uint8Array(0), cells, count: rows.length, rows, rejects, repaired, varies };
}

/** What came of a batch with a row that varies: what was rejected before it. */
function varied(rejects: readonly RejectedRow[]): Outcome {
  const none = { bytes: new Uint8Array(0), cells: [], count: 0, rows: [], repaired: 0 };
  return { ...none, rejects, varies: true };
}

function hold(holds: boolean, message: string): void {
  if (!holds) throw new Error(`Against the interface: ${message}`);
}

/** Whether two arrays hold the same bytes. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Tests that hold for both codecs, and what a codec makes of a batch, in one piece. */
import { type Batch, type RejectedRow, rowCount } from "../../../src/model/batch.ts";
import { buildCodec } from "../../../tools/build_codec.ts";
import {
  type Cell,
  type CellRules,
  type Codec,
  PIECE_HEADROOM,
} from "../../../host/codec/codec.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { createWasmCodec } from "../../../host/codec/wasm_codec.ts";
import { LENIENT } from "./sample_batch.ts";

/** Registers a test twice: for the reference, and for the codec in WebAssembly. */
export function testCodecs(name: string, run: (codec: Codec) => void | Promise<void>): void {
  Deno.test(`reference ${name}`, async () => await run(await createReferenceCodec()));
  Deno.test(`codec ${name}`, async () => {
    await buildCodec();
    await run(await createWasmCodec());
  });
}

/** A batch as COPY text. */
export interface CopyText {
  readonly bytes: Uint8Array;
  readonly rows: number;
  /** The number within the batch of each row. */
  readonly rowOf: readonly number[];
  readonly rejects: readonly RejectedRow[];
}

/** Encodes a batch as COPY text. */
export function copyText(
  codec: Codec,
  batch: Batch,
  { ordinal = false, rules = LENIENT }: { ordinal?: boolean; rules?: CellRules } = {},
): CopyText {
  const encoder = codec.copy(batch, { format: "text", ordinal, rules });
  const pieces: Uint8Array[] = [];
  for (let piece = encoder.next(); piece !== undefined; piece = encoder.next()) {
    pieces.push(piece.slice(PIECE_HEADROOM));
  }
  const { rows, rejects } = encoder;
  if (rows + rejects.length !== rowCount(batch)) throw new Error("Rows are missing");
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  const rowOf = Array.from({ length: rows }, (_, index) => encoder.rowOf(index));
  return { bytes, rows, rowOf, rejects };
}

/** All cells of a batch, row by row, read in slices. */
export function allCells(
  codec: Codec,
  batch: Batch,
  { rules = LENIENT, slice = 3 }: { rules?: CellRules; slice?: number } = {},
): { rows: Cell[][]; numbers: number[]; rejects: readonly RejectedRow[] } {
  const reader = codec.cells(batch, rules);
  const cells: Cell[] = [];
  const numbers: number[] = [];
  while (reader.read(slice, cells, numbers) > 0);
  const width = batch.shape.columns.length;
  const rows = numbers.map((_, i) => cells.slice(i * width, (i + 1) * width));
  return { rows, numbers, rejects: reader.rejects };
}

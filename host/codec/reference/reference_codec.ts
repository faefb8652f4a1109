/**
 * The codec in plain TypeScript. It is the reference: what takes its place must give the same bytes,
 * cells and rejects, and hands it the rows that it cannot be sure of.
 */
import type { Codec } from "../codec.ts";
import { contentHasher } from "../content_hash.ts";
import { readCells } from "./cell_rows.ts";
import { encodeCopy } from "./copy_encoder.ts";
import { cellsTooLarge, copyTooLarge } from "./too_large.ts";

/** Makes a codec. */
export async function createReferenceCodec(): Promise<Codec> {
  const contentHash = await contentHasher();
  return {
    copy: (batch, options) =>
      batch.tooLarge === undefined ? encodeCopy(batch, options) : copyTooLarge(batch, options),
    cells: (batch, options) =>
      batch.tooLarge === undefined ? readCells(batch, options) : cellsTooLarge(batch),
    contentHash,
  };
}

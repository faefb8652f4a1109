/** What the codec makes of a record that is larger than a record may be: one rejected row. */
import type { Batch, RejectedRow } from "../../../src/batch.ts";
import type { CellReader, CopyEncoder, CopyOptions } from "../codec.ts";
import { encodeCopy } from "./copy_encoder.ts";

/** A COPY of no row. */
export function copyTooLarge(batch: Batch, options: CopyOptions): CopyEncoder {
  const empty = encodeCopy({ ...batch, offsets: new Uint32Array(1) }, options);
  const rejects = [rejected(batch)];
  return {
    next: () => empty.next(),
    rows: 0,
    rowOf: (index) => index,
    rejects,
    repaired: 0,
    varies: false,
  };
}

/** No cell. */
export function cellsTooLarge(batch: Batch): CellReader {
  return { read: () => 0, rejects: [rejected(batch)], repaired: 0, varies: false };
}

function rejected({ ordinal, part, line, byteOffset, tooLarge }: Batch): RejectedRow {
  return {
    ordinal,
    part,
    line,
    code: "too_large",
    message:
      `The record is larger than a record may be, and is not kept: it stands in ${tooLarge} ` +
      `bytes from byte ${byteOffset} on`,
  };
}

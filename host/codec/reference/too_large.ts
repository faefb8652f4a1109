/** What the codec makes of a record that is larger than a record may be: one rejected row. */
import type { Batch, RejectedRow } from "../../../src/model/batch.ts";
import type { CellReader, CopyEncoder, CopyOptions } from "../codec.ts";
import { encodeCopy } from "./copy_encoder.ts";

/** A COPY of no row. */
export function copyTooLarge(batch: Batch, options: CopyOptions): CopyEncoder {
  const empty = encodeCopy({ ...batch, offsets: new Uint32Array(1) }, options);
  const rejects = [rejectedTooLarge(batch)];
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
  return { read: () => 0, rejects: [rejectedTooLarge(batch)], repaired: 0, varies: false };
}

/** The record, as a row that is left out. */
export function rejectedTooLarge(
  { ordinal, part, line, byteOffset, tooLarge }: Omit<Batch, "shape">,
): RejectedRow {
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

/**
 * The codec in plain TypeScript. It is the reference: whatever takes its place must give the same
 * bytes, cells and rejects.
 */
import { createHash } from "node:crypto";
import { readCells } from "./cells.ts";
import type { Codec } from "./codec.ts";
import { encodeCopyText } from "./copy_text.ts";

/** Makes a codec. It keeps no state, so one could serve all lanes of a thread. */
export function createTextCodec(): Codec {
  return {
    copyText: encodeCopyText,
    cells: readCells,
    contentHash: (batch) => createHash("sha256").update(batch.bytes).digest("hex"),
  };
}

/**
 * The codec in plain TypeScript. It is the reference: whatever takes its place must give the same
 * bytes, cells and rejects.
 */
import { createHash } from "node:crypto";
import { readCells } from "./cells.ts";
import type { Codec } from "./codec.ts";
import { encodeCopyText } from "./copy_text.ts";
import { CopyWriter } from "./copy_writer.ts";

/**
 * Makes a codec. It keeps one buffer for COPY text, so that a load of many batches does not leave
 * one of megabytes behind for each.
 */
export function createTextCodec(): Codec {
  const out = new CopyWriter();
  return {
    copyText: (batch, options) => encodeCopyText(batch, { ...options, out }),
    cells: readCells,
    contentHash: (batch) => createHash("sha256").update(batch.bytes).digest("hex"),
  };
}

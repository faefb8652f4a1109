/** The hash by which a batch is known again. */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";

/** Hashed at once: half a millisecond, in which nothing else of the thread runs. */
const SLICE_BYTES = 1024 * 1024;

/** SHA-256 in hex. What is to be sent meanwhile is sent between two slices. */
export async function contentHash(bytes: Uint8Array): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    if (at > 0) await setImmediate();
    hash.update(bytes.subarray(at, at + SLICE_BYTES));
  }
  return hash.digest("hex");
}

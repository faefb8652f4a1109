/** The hash by which a batch is known again: SHA-256 of its bytes, in hex. */
import { createHash } from "node:crypto";

/** Hashed at once: half a millisecond, in which nothing else of the thread runs. */
const STEP_BYTES = 1024 * 1024;

/** A hash that is made in steps, in between what must not wait for it. */
export interface ContentHash {
  /** Goes on a little; false once there is nothing left to do. */
  advance(): boolean;
  /** The hash; what is left to do for it is done. */
  hex(): string;
}

/** Begins a hash; nothing is done yet. */
export function contentHash(bytes: Uint8Array): ContentHash {
  const hash = createHash("sha256");
  let at = 0;
  let hex: string | undefined;
  return {
    advance() {
      if (at >= bytes.length) return false;
      hash.update(bytes.subarray(at, at + STEP_BYTES));
      at += STEP_BYTES;
      return at < bytes.length;
    },
    hex() {
      if (hex === undefined) {
        if (at < bytes.length) hash.update(bytes.subarray(at));
        hex = hash.digest("hex");
      }
      return hex;
    },
  };
}

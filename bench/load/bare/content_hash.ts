/** Stands for `host/codec/content_hash.ts` where it is measured what hashing costs. */
import { leftOut } from "./left_out.ts";

/** No hash, in as many characters. */
export function contentHash(_bytes: Uint8Array): Promise<string> {
  leftOut.hashes++;
  return Promise.resolve("0".repeat(64));
}

/** Stands for `host/codec/content_hash.ts` where it is measured what hashing costs. */
import type { ContentHash } from "../../../host/codec/content_hash.ts";
import { leftOut } from "./left_out.ts";

/** No hash, in as many characters. */
export function contentHash(_bytes: Uint8Array): ContentHash {
  leftOut.hashes++;
  return { advance: () => false, hex: () => "0".repeat(64) };
}

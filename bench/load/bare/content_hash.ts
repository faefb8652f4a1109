/** Stands for `host/codec/content_hash.ts` where it is measured what hashing costs. */
import type { ContentHasher } from "../../../host/codec/content_hash.ts";
import { leftOut } from "./left_out.ts";

/** Makes no hash, in as many characters. */
export function contentHasher(): Promise<ContentHasher> {
  return Promise.resolve(() => {
    leftOut.hashes++;
    return { advance: () => false, hex: () => "0".repeat(16), marks: () => new Uint8Array(0) };
  });
}

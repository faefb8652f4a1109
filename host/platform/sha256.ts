/** SHA-256 without Node's modules, which a program that is about to load would wait for. */
import { sha256 as hashed } from "@noble/hashes/sha2.js";

/** The hash of bytes, or of a text as UTF-8, in 64 hex digits. */
export async function sha256(content: Uint8Array<ArrayBuffer> | string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(content))).toHex();
}

/** The same of a short content, at once: ten times slower than the runtime's own. */
export function sha256Now(content: Uint8Array | string): string {
  return hashed(typeof content === "string" ? bytesOf(content) : content).toHex();
}

function bytesOf(content: Uint8Array<ArrayBuffer> | string): Uint8Array<ArrayBuffer> {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

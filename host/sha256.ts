/** SHA-256 without Node's modules, which a program that is about to load would wait for. */

/** The hash of bytes, or of a text as UTF-8, in 64 hex digits. */
export async function sha256(content: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/**
 * The client library wants Node's buffers. The bundled program has {@linkcode ./stand_in/buffer.ts} in
 * their place.
 */
import { Buffer } from "node:buffer";

/** The same bytes, as the library reads them. */
export function libraryBuffer(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

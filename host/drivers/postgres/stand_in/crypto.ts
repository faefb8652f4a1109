/**
 * As much of Node's crypto as the client library uses to log in, by Web Crypto: the library waits for
 * each answer. MD5, which Web Crypto lacks, is Node's.
 */
import { Buffer } from "./buffer.ts";

const SHA_256 = "SHA-256";
const ENCODER = new TextEncoder();

type Bytes = Uint8Array<ArrayBuffer>;

/** Takes text or bytes once, and digests them. */
interface Digest {
  update(data: string | Bytes): { digest(encoding?: "hex"): Promise<string | Buffer> };
}

export default {
  randomBytes(length: number): Buffer {
    return Buffer.concat([crypto.getRandomValues(new Uint8Array(length))]);
  },

  async pbkdf2Sync(
    password: string,
    salt: Bytes,
    iterations: number,
    length: number,
  ): Promise<Buffer> {
    const key = await crypto.subtle.importKey("raw", ENCODER.encode(password), "PBKDF2", false, [
      "deriveBits",
    ]);
    const algorithm = { name: "PBKDF2", hash: SHA_256, salt, iterations };
    return Buffer.from(await crypto.subtle.deriveBits(algorithm, key, 8 * length));
  },

  createHash(name: string): Digest {
    return {
      update: (data) => ({
        async digest(encoding) {
          if (name === "sha256") {
            const hash = Buffer.from(await crypto.subtle.digest(SHA_256, bytesOf(data)));
            return encoding ? hash.toString(encoding) : hash;
          }
          const { createHash } = await import("node:crypto");
          const hash = createHash(name).update(data);
          return encoding ? hash.digest(encoding) : Buffer.concat([hash.digest()]);
        },
      }),
    };
  },

  createHmac(_sha256: string, key: Bytes): Digest {
    return {
      update: (data) => ({
        async digest() {
          const algorithm = { name: "HMAC", hash: SHA_256 };
          const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
          return Buffer.from(await crypto.subtle.sign("HMAC", imported, bytesOf(data)));
        },
      }),
    };
  },
};

function bytesOf(data: string | Bytes): Bytes {
  return typeof data === "string" ? ENCODER.encode(data) : data;
}

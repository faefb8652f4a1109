/** Detached signatures of plugins: Ed25519 (RFC 8032) over the file's bytes, in base64, beside it. */
import { LoadError, messageOf } from "../../../src/model/errors.ts";
import { readPlainFile, UnreadableFile } from "../../platform/plain_file.ts";

/** What a signature's file ends with. */
export const SIGNATURE_SUFFIX = ".sig";
const SIGNATURE_LENGTH = 64;
/** Sixty-four bytes in base64, and room for the ends of lines. */
export const SIGNATURE_BYTES_MAX = 1_024;

/**
 * Whether one of the keys has signed the file. Without keys, nothing is asked.
 *
 * @throws {LoadError} `plugin_refused` if none has; `config_invalid` for a key that is none
 */
export async function checkSignature(
  { file, bytes }: { readonly file: string; readonly bytes: Uint8Array },
  trustedKeys: readonly string[],
): Promise<void> {
  if (trustedKeys.length === 0) return;
  const signature = await readSignature(file);
  if (await signerOf(bytes, signature, trustedKeys) !== undefined) return;
  throw refused(file, "none of the trusted keys has signed it");
}

/**
 * The first of the keys by which bytes are signed; undefined where none is.
 *
 * @throws {LoadError} `config_invalid` for a key that is none
 */
export async function signerOf(
  bytes: Uint8Array,
  signature: Uint8Array<ArrayBuffer>,
  trustedKeys: readonly string[],
): Promise<string | undefined> {
  for (const text of trustedKeys) {
    const key = await readKey(text);
    if (await crypto.subtle.verify("Ed25519", key, signature, bytes.slice())) return text;
  }
  return undefined;
}

/** The bytes of a signature; undefined where the text is none. */
export function signatureIn(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = Uint8Array.fromBase64(text.trim());
    return bytes.length === SIGNATURE_LENGTH ? bytes : undefined;
  } catch {
    return undefined;
  }
}

async function readKey(text: string): Promise<CryptoKey> {
  try {
    const raw = Uint8Array.fromBase64(text);
    return await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
  } catch (error) {
    throw new LoadError(
      `Trusted key is not an Ed25519 public key in base64: ${text.slice(0, 12)}…: ${
        messageOf(error)
      }`,
      { code: "config_invalid", blame: "config" },
    );
  }
}

async function readSignature(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const name = file + SIGNATURE_SUFFIX;
  let text: string;
  try {
    text = new TextDecoder().decode(await readPlainFile(name, SIGNATURE_BYTES_MAX));
  } catch (error) {
    if (error instanceof UnreadableFile && error.missing) {
      throw refused(file, `it is not signed: there is no ${name}`);
    }
    throw refused(file, `its signature cannot be read: ${name}: ${messageOf(error)}`);
  }
  const signature = signatureIn(text);
  if (signature) return signature;
  throw refused(file, `${name} is no signature in base64`);
}

function refused(file: string, why: string): LoadError {
  return new LoadError(`Plugin is refused: ${file}: ${why}`, {
    code: "plugin_refused",
    blame: "plugin",
  });
}

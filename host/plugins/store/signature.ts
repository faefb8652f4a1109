/** Detached signatures of plugins: Ed25519 (RFC 8032) over the file's bytes, in base64, beside it. */
import { LoadError, messageOf } from "../../../src/model/errors.ts";
import { readPlainFile, UnreadableFile } from "../../platform/plain_file.ts";

/** What a signature's file ends with. */
export const SIGNATURE_SUFFIX = ".sig";
/** Sixty-four bytes in base64, and room for the ends of lines. */
const SIGNATURE_BYTES_MAX = 1_024;

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
  const keys = await Promise.all(trustedKeys.map(readKey));
  const signature = await readSignature(file);
  for (const key of keys) {
    if (await crypto.subtle.verify("Ed25519", key, signature, bytes.slice())) return;
  }
  throw refused(file, "none of the trusted keys has signed it");
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
  try {
    return Uint8Array.fromBase64(text.trim());
  } catch {
    throw refused(file, `${name} is no signature in base64`);
  }
}

function refused(file: string, why: string): LoadError {
  return new LoadError(`Plugin is refused: ${file}: ${why}`, {
    code: "plugin_refused",
    blame: "plugin",
  });
}

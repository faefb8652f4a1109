/** Bytes from their text, see `src/model/bytes_form.ts`. */
import type { BytesForm } from "../../../src/model/bytes_form.ts";
import { base64Length, decodeBase64, isBase64 } from "./base64.ts";
import { hexDigit } from "./hex_text.ts";

const BACKSLASH = 0x5c;
const LETTER_X = 0x78;

/** The bytes that a text stands for; undefined if it is none of its form. */
export function bytesOfText(
  text: Uint8Array,
  form: BytesForm | undefined,
): Uint8Array | undefined {
  if (form === "text" || text.length === 0) return text;
  if (text[0] === BACKSLASH && text[1] === LETTER_X) return bytesOfHex(text.subarray(2));
  if (form === "hex") return bytesOfHex(text);
  if (form !== "base64" || !isBase64(text, 0, text.length)) return undefined;
  const bytes = new Uint8Array(base64Length(text, 0, text.length));
  decodeBase64(text, 0, text.length, bytes);
  return bytes;
}

function bytesOfHex(text: Uint8Array): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = hexDigit(text[2 * i]!);
    const low = hexDigit(text[2 * i + 1]!);
    if (high < 0 || low < 0) return undefined;
    bytes[i] = high << 4 | low;
  }
  return bytes;
}

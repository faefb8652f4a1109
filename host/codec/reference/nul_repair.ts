/**
 * Takes U+0000 out of texts and JSON. As rare as it is, what is repaired is an array of its own: it
 * may be six times as long as what it was.
 */

/** How: without the character, or with the six characters `\u0000` in its place. */
export type NulRepair = "strip" | "escape";

const BACKSLASH = 0x5c;
const ESCAPE = new TextEncoder().encode("\\u0000");

/** A text in which U+0000 stands as it is. */
export function repairText(text: Uint8Array, repair: NulRepair): Uint8Array {
  const growth = repair === "strip" ? -1 : ESCAPE.length - 1;
  const count = text.reduce((sum, c) => c === 0 ? sum + 1 : sum, 0);
  const out = new Uint8Array(text.length + count * growth);
  let length = 0;
  for (const c of text) {
    if (c !== 0) out[length++] = c;
    else if (repair === "escape") {
      out.set(ESCAPE, length);
      length += ESCAPE.length;
    }
  }
  return out;
}

/**
 * A valid JSON text in whose strings U+0000 stands as an escape. All else stays as it is, byte for
 * byte: also an escaped backslash that `u0000` follows. Keys of an object may become equal.
 */
export function repairJson(json: Uint8Array, repair: NulRepair): Uint8Array {
  const room = repair === "strip" ? 0 : Math.floor(json.length / ESCAPE.length);
  const out = new Uint8Array(json.length + room);
  let length = 0;
  let at = 0;
  while (at < json.length) {
    const c = json[at]!;
    if (c !== BACKSLASH) {
      out[length++] = c;
      at++;
    } else if (!isNul(json, at)) {
      // Together with what it escapes, which may be a backslash.
      out[length++] = c;
      out[length++] = json[at + 1]!;
      at += 2;
    } else {
      if (repair === "escape") {
        out[length++] = BACKSLASH;
        out.set(ESCAPE, length);
        length += ESCAPE.length;
      }
      at += ESCAPE.length;
    }
  }
  return out.subarray(0, length);
}

/** Whether the escape that begins at `at` is that of U+0000, which has one spelling only. */
function isNul(json: Uint8Array, at: number): boolean {
  for (let i = 1; i < ESCAPE.length; i++) {
    if (json[at + i] !== ESCAPE[i]) return false;
  }
  return true;
}

/** Booleans as text: `true`, `false`, `t`, `f`, `1`, `0`, in any case. */

const encoder = new TextEncoder();
const TRUE_WORDS = ["true", "t", "1"].map((word) => encoder.encode(word));
const FALSE_WORDS = ["false", "f", "0"].map((word) => encoder.encode(word));

/** What the text says, or undefined if it is no boolean. */
export function booleanOf(bytes: Uint8Array, from: number, to: number): boolean | undefined {
  for (const word of TRUE_WORDS) if (isWord(bytes, from, to, word)) return true;
  for (const word of FALSE_WORDS) if (isWord(bytes, from, to, word)) return false;
  return undefined;
}

function isWord(bytes: Uint8Array, from: number, to: number, word: Uint8Array): boolean {
  if (to - from !== word.length) return false;
  for (let i = 0; i < word.length; i++) {
    const c = bytes[from + i]!;
    const lower = c >= 0x41 && c <= 0x5a ? c | 0x20 : c;
    if (lower !== word[i]) return false;
  }
  return true;
}

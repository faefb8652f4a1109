/** How the lines of a CSV file end: by its first one. */

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

/**
 * The end of the first line, a line end within quotes left aside: `cr` where it is a carriage return
 * alone, as old programs for the Mac write it. Undefined where the bytes do not tell.
 */
export function firstLineEnd(bytes: Uint8Array, delimiter: string): "lf" | "cr" | undefined {
  const between = delimiter.charCodeAt(0);
  let quoted = false;
  let fieldStart = true;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (quoted) {
      // Of two quotes that stand for one, the second opens again.
      if (byte === QUOTE) [quoted, fieldStart] = [false, bytes[at + 1] === QUOTE];
      continue;
    }
    if (byte === LF) return "lf";
    // What follows is still to be read.
    if (byte === CR && at + 1 === bytes.length) return undefined;
    if (byte === CR) return bytes[at + 1] === LF ? "lf" : "cr";
    if (byte === QUOTE && fieldStart) quoted = true;
    fieldStart = byte === between;
  }
  return undefined;
}

/**
 * What a line of a file of rejects begins with, as this program writes it: the load and the number of
 * the batch. It tells a line of ours, whole or torn, in a hundred bytes, whatever follows.
 */

/** What was found. `torn`: the line ends before the head does. */
export type RejectHead =
  | { readonly kind: "whole"; readonly load: string; readonly batch: number }
  | { readonly kind: "torn" | "none" };

const NONE: RejectHead = { kind: "none" };
const TORN: RejectHead = { kind: "torn" };

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const LOAD = encoder.encode('{"load":"');
const BATCH = encoder.encode('","batch":');
const SOURCE = encoder.encode(',"source":"');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

/** Reads the head of a line. */
export function readHead(line: Uint8Array): RejectHead {
  const { length } = line;
  if (length === 0 || !beginsWith(line, 0, LOAD)) return NONE;
  if (length <= LOAD.length) return TORN;
  let at = LOAD.length;
  while (at < length && line[at] !== QUOTE) {
    // The id of a load is made of letters, digits and hyphens.
    if (line[at]! <= SPACE || line[at] === BACKSLASH) return NONE;
    at++;
  }
  const load = line.subarray(LOAD.length, at);
  if (!beginsWith(line, at, BATCH)) return NONE;
  at += BATCH.length;
  const digits = at;
  let batch = 0;
  while (at < length && line[at]! >= DIGIT_0 && line[at]! <= DIGIT_9) {
    batch = batch * 10 + line[at]! - DIGIT_0;
    at++;
  }
  if (at >= length) return TORN;
  if (at === digits || !beginsWith(line, at, SOURCE)) return NONE;
  // What tells its batch is whole, though it be torn behind that.
  return { kind: "whole", load: decoder.decode(load), batch };
}

/** Whether these bytes stand there, or as many of them as the line has. */
function beginsWith(line: Uint8Array, from: number, bytes: Uint8Array): boolean {
  const count = Math.min(bytes.length, line.length - from);
  for (let i = 0; i < count; i++) if (line[from + i] !== bytes[i]) return false;
  return true;
}

/** How records of JSON are laid out in a file: a line each, as a rule. */

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What a record is. */
export type JsonLayout = "lines" | "elements" | "objects";

/**
 * The layout of a file by how it begins: with an array of objects; or with an object that its first
 * line does not close, and that goes on with a key or its end in the next one, as it is printed
 * for people. Undefined where the bytes do not tell.
 */
export function jsonLayout(bytes: Uint8Array): JsonLayout | undefined {
  const first = pastSpace(bytes, 0);
  switch (bytes[first]) {
    case undefined:
      return undefined;
    case 0x5b: // [
      return layoutOfArray(bytes[pastSpace(bytes, first + 1)]);
    case 0x7b: // {
      return layoutOfObject(bytes, first);
    default:
      return "lines";
  }
}

/** By what stands behind the bracket: a log may begin its lines with one. */
function layoutOfArray(first: number | undefined): JsonLayout | undefined {
  if (first === undefined) return undefined;
  return first === 0x7b || first === 0x5d ? "elements" : "lines";
}

function layoutOfObject(bytes: Uint8Array, from: number): JsonLayout | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === NEWLINE) {
      if (quoted || depth === 0) return "lines";
      const next = bytes[pastSpace(bytes, at)];
      if (next === undefined) return undefined;
      return next === QUOTE || next === 0x7d ? "objects" : "lines";
    }
    if (quoted) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) {
      quoted = true;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
    } else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) {
      return "lines";
    }
  }
  return undefined;
}

function pastSpace(bytes: Uint8Array, at: number): number {
  while (at < bytes.length && bytes[at]! <= 0x20) at++;
  return at;
}

/**
 * Where code units of a text stand in its file. web-tree-sitter counts in UTF-16 code units; files
 * are UTF-8.
 */

/** Positions in one text; columns and offsets in bytes of its UTF-8 form, all from 0. */
export class Positions {
  /** Code unit at which each line starts, and one beyond the text at the end. */
  readonly #lines: Uint32Array;
  /** Byte offset of each code unit; undefined where they are the same, as in ASCII. */
  readonly #bytes: Uint32Array | undefined;

  /** `byteLength` is the length of the text in UTF-8. */
  constructor(text: string, byteLength: number) {
    this.#lines = lineStarts(text);
    this.#bytes = byteLength === text.length ? undefined : byteOffsets(text);
  }

  /** The byte offset of a code unit. */
  byteOf(unit: number): number {
    return this.#bytes === undefined ? unit : this.#bytes[unit]!;
  }

  /** The row of a code unit, which must not stand before row `from`. Most stand on it. */
  rowOf(unit: number, from: number): number {
    const lines = this.#lines;
    let low = from;
    let high = from + 1;
    for (let step = 1; lines[high]! <= unit; step *= 2) {
      low = high;
      high = Math.min(high + step, lines.length - 1);
    }
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (lines[middle]! <= unit) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The byte offset at which a row starts. */
  byteOfRow(row: number): number {
    return this.byteOf(this.#lines[row]!);
  }
}

function lineStarts(text: string): Uint32Array {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  starts.push(text.length + 1);
  return Uint32Array.from(starts);
}

function byteOffsets(text: string): Uint32Array {
  const offsets = new Uint32Array(text.length + 1);
  let bytes = 0;
  for (let unit = 0; unit < text.length; unit++) {
    offsets[unit] = bytes;
    const code = text.charCodeAt(unit);
    // Both halves of a surrogate pair come to two bytes each, four together.
    const half = code >= 0xd800 && code <= 0xdfff;
    bytes += code < 0x80 ? 1 : code < 0x800 || half ? 2 : 3;
  }
  offsets[text.length] = bytes;
  return offsets;
}

/** Reads a file line by line, in bytes: a file may be larger than any text can be. */

/** One line. */
export interface Line {
  /** Without its end; a view that lasts until the next lines are asked for. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where it starts in the file. */
  readonly start: number;
  /** Its number, from 1. */
  readonly number: number;
  /** Whether it has an end: the last one may have none. */
  readonly ended: boolean;
}

const CHUNK_BYTES = 1024 * 1024;
const LINE_END = 0x0a;

/** A line is longer than what is asked for can be. */
export class LineTooLong extends Error {}

/**
 * The lines of a file from where it stands, many at a time: one by one, each would be waited for.
 * `goesOn` is asked about a line of a mebibyte and more, by what was read of it so far.
 *
 * @throws {LineTooLong} where it says no
 */
export async function* readLines(
  file: Deno.FsFile,
  goesOn: (begun: Uint8Array) => boolean,
): AsyncGenerator<Line[]> {
  let buffer = new Uint8Array(CHUNK_BYTES);
  let length = 0;
  let offset = 0;
  let number = 0;
  for (;;) {
    // A line that is longer than the buffer.
    if (length === buffer.length) {
      if (!goesOn(buffer)) throw new LineTooLong();
      buffer = grown(buffer);
    }
    const count = await file.read(buffer.subarray(length));
    if (count === null) break;
    const searched = length;
    length += count;
    const lines: Line[] = [];
    let from = 0;
    for (let at = searched;;) {
      const end = buffer.subarray(0, length).indexOf(LINE_END, at);
      if (end < 0) break;
      const bytes = buffer.subarray(from, end);
      lines.push({ bytes, start: offset + from, number: ++number, ended: true });
      from = at = end + 1;
    }
    if (lines.length > 0) yield lines;
    buffer.copyWithin(0, from, length);
    length -= from;
    offset += from;
  }
  const bytes = buffer.subarray(0, length);
  if (length > 0) yield [{ bytes, start: offset, number: number + 1, ended: false }];
}

function grown(buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(buffer.length * 2);
  larger.set(buffer);
  return larger;
}

/**
 * The header line of a CSV file. Messages never quote it: in a file without a header it is a row.
 */
import { LoadError } from "../../src/model/errors.ts";
import { createSplitter, SPLIT_BYTES_MAX } from "../../src/batching/record_splitter.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { TextStart } from "./file_part.ts";
import { firstLineEnd } from "./line_end.ts";

/** Bytes of a header: the most columns, with names of 600 bytes. */
const HEADER_BYTES_MAX = 1024 * 1024;

/** A header, and where the records behind it begin. */
export interface Header {
  /** Empty if the file has no line that is not blank. */
  readonly names: readonly string[];
  /** What was read behind it. */
  readonly head: Uint8Array;
  readonly line: number;
  readonly byteOffset: number;
}

/** What is to be known of CSV before its header is read. */
export interface HeaderFormat {
  readonly delimiter: string;
  readonly lineEnd?: "\r";
}

/**
 * How lines end, and the text as far as it was read for it. Where there is no line end in a mebibyte,
 * they end as most do.
 */
export async function readLineEnd(
  text: TextStart,
  delimiter: string,
): Promise<{ readonly text: TextStart; readonly lineEnd?: "\r" }> {
  let { head } = text;
  for (;;) {
    const found = firstLineEnd(head, delimiter);
    if (found === undefined && head.length <= HEADER_BYTES_MAX) {
      const longer = await text.more(head);
      if (longer.length > head.length) {
        head = longer;
        continue;
      }
    }
    // At the end of a file, too, it may be alone.
    const alone = found === "cr" || found === undefined && head.at(-1) === 0x0d;
    return { text: { ...text, head }, ...(alone ? { lineEnd: "\r" } : {}) };
  }
}

/**
 * Reads the header line, blank lines before it passed over.
 *
 * @throws {LoadError} `source_malformed`
 */
export async function readHeader(text: TextStart, format: HeaderFormat): Promise<Header> {
  const { path } = text;
  let { head } = text;
  for (let ended = false;;) {
    const found = findHeader(head, format, ended);
    if (found !== undefined) {
      const { delimiter } = format;
      const names = found.end === 0 ? [] : parseNames(head.subarray(found.start, found.end), {
        path,
        delimiter,
      });
      return {
        names,
        head: head.subarray(found.end),
        line: found.line,
        byteOffset: text.byteOffset + found.end,
      };
    }
    if (head.length > HEADER_BYTES_MAX) {
      throw malformed(path, `is larger than ${HEADER_BYTES_MAX} bytes; is a quote left open?`);
    }
    const longer = await text.more(head);
    ended = longer.length === head.length;
    head = longer;
  }
}

/** The first record that is not blank; at the end of the file, what there is. */
function findHeader(
  head: Uint8Array,
  format: HeaderFormat,
  ended: boolean,
): { start: number; end: number; line: number } | undefined {
  const splitter = createSplitter({ kind: "csv", ...format, header: [], nullText: "" });
  let line = 1;
  let start = 0;
  for (let from = 0; from < head.length; from += SPLIT_BYTES_MAX) {
    const records = splitter.split(head, from, Math.min(from + SPLIT_BYTES_MAX, head.length));
    for (let i = 0; i < records; i++) {
      const end = splitter.ends[i]!;
      line += splitter.lines?.[i] ?? 1;
      if (!splitter.isBlank(head, start, end)) return { start, end, line };
      start = end;
    }
  }
  if (!ended) return undefined;
  const { length: end } = head;
  return splitter.isBlank(head, start, end) ? { start: 0, end: 0, line } : { start, end, line };
}

function parseNames(
  record: Uint8Array,
  { path, delimiter }: { path: string; delimiter: string },
): string[] {
  const text = decode(record, path).replace(/\r?\n$|\r$/, "");
  // As servers send it where a file is missing, with the suffix of the file.
  if (/^<(!doctype|html|\?xml)\b/i.test(text)) throw malformed(path, "seems to be HTML or XML");
  const names = splitFields(text, { path, delimiter });
  // First, since what follows looks at each name beside each other.
  if (names.length > LIMITS.columnsMax) {
    throw malformed(path, `has ${names.length} columns; ${LIMITS.columnsMax} are the most`);
  }
  const empty = names.indexOf("");
  if (empty >= 0) throw malformed(path, `has no name for column ${empty + 1}`);
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twice >= 0) {
    const before = names.indexOf(names[twice]!);
    throw malformed(path, `gives columns ${before + 1} and ${twice + 1} the same name`);
  }
  return names;
}

function decode(record: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(record);
  } catch {
    throw malformed(path, "is not UTF-8, but Latin-1 perhaps; convert the file");
  }
}

function splitFields(
  text: string,
  { path, delimiter }: { path: string; delimiter: string },
): string[] {
  const fields: string[] = [];
  for (let at = 0;;) {
    const quoted = text[at] === '"';
    const end = quoted ? closingQuote(text, at, path) : nextDelimiter(text, at, delimiter);
    fields.push(quoted ? text.slice(at + 1, end - 1).replaceAll('""', '"') : text.slice(at, end));
    if (end === text.length) return fields;
    if (text[end] !== delimiter) {
      throw malformed(path, `has text behind the closing quote of column ${fields.length}`);
    }
    at = end + 1;
  }
}

function nextDelimiter(text: string, from: number, delimiter: string): number {
  const at = text.indexOf(delimiter, from);
  return at < 0 ? text.length : at;
}

/** The position behind the quote that closes the field. */
function closingQuote(text: string, from: number, path: string): number {
  for (let at = from + 1;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw malformed(path, "leaves a quote open");
    if (text[quote + 1] !== '"') return quote + 1;
    at = quote + 2;
  }
}

function malformed(path: string, fault: string): LoadError {
  return new LoadError(
    `The header of ${path} ${fault}; a file without header needs its column names given`,
    { code: "source_malformed", blame: "data" },
  );
}

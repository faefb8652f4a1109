/**
 * Newline-delimited JSON: one object a line. A file that is an array of objects, or whose objects
 * take several lines each, is read too.
 */
import { filePart, type PartStart, type TextStart } from "./file_part.ts";
import { jsonLayout } from "./json_layout.ts";
import { listFiles, plainSizeOf, sizeOf } from "./file_list.ts";
import type { InputFile } from "./input.ts";
import type { Source, SourcePart } from "./source.ts";

/** How NDJSON is read. */
export interface NdjsonOptions {
  /** What stands in the load row; the paths as they were named, by default. */
  readonly name?: string;
}

/**
 * Rows from NDJSON files: paths, globs, or `-` for standard input; gzip is decompressed.
 * Blank lines and a byte order mark are passed over. A file that begins with `[` and an object is
 * read as one array, element by element; one whose first object goes on in its second line, as
 * objects on any number of lines. The files are looked for at once, and read when
 * the load comes to them.
 *
 * @throws {LoadError} `source_missing`, `source_unreadable`, `usage`
 */
export function ndjson(paths: string | readonly string[], options: NdjsonOptions = {}): Source {
  const specs = typeof paths === "string" ? [paths] : paths;
  const files = listFiles(specs);
  return {
    name: options.name ?? specs.join(", "),
    bytesTotal: sizeOf(files),
    plainBytes: plainSizeOf(files),
    files: files.map(({ path }) => path),
    parts: () => ndjsonParts(files),
  };
}

async function* ndjsonParts(files: readonly InputFile[]): AsyncGenerator<SourcePart> {
  for (const file of files) yield filePart(file, begin);
}

/** Bytes in which the layout of a file has to show; else its records are lines. */
const LAYOUT_BYTES_MAX = 64 * 1024;

async function begin(text: TextStart): Promise<PartStart> {
  let { head } = text;
  let layout = jsonLayout(head);
  while (layout === undefined && head.length < LAYOUT_BYTES_MAX) {
    const longer = await text.more(head);
    if (longer.length === head.length) break;
    head = longer;
    layout = jsonLayout(head);
  }
  const { byteOffset } = text;
  if (layout === "objects") {
    return { format: { kind: "ndjson", records: "objects" }, head, line: 1, byteOffset };
  }
  if (layout !== "elements") return { format: { kind: "ndjson" }, head, line: 1, byteOffset };
  const behind = head.indexOf(BRACKET) + 1;
  const line = 1 + head.subarray(0, behind).filter((byte) => byte === NEWLINE).length;
  return {
    format: { kind: "ndjson", records: "elements" },
    head: head.subarray(behind),
    line,
    byteOffset: byteOffset + behind,
  };
}

const BRACKET = 0x5b;
const NEWLINE = 0x0a;

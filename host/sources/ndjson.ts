/** Newline-delimited JSON: one object a line. */
import { filePart } from "./file_part.ts";
import { listFiles, sizeOf } from "./file_list.ts";
import type { InputFile } from "./input.ts";
import type { Source, SourcePart } from "./source.ts";

/** How NDJSON is read. */
export interface NdjsonOptions {
  /** What stands in the load row; the paths as they were named, by default. */
  readonly name?: string;
}

/**
 * Rows from NDJSON files: paths, globs, or `-` for standard input; gzip is decompressed.
 * Blank lines and a byte order mark are passed over. The files are looked for at once, and read when
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
    files: files.map(({ path }) => path),
    parts: () => ndjsonParts(files),
  };
}

async function* ndjsonParts(files: readonly InputFile[]): AsyncGenerator<SourcePart> {
  for (const file of files) {
    yield filePart(file, ({ head, byteOffset }) => ({
      format: { kind: "ndjson" },
      head,
      line: 1,
      byteOffset,
    }));
  }
}

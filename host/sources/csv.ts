/** CSV as in RFC 4180, and its relatives with another delimiter. */
import { LoadError } from "../../src/model/errors.ts";
import type { RecordFormat } from "../../src/model/batch.ts";
import { readHeader, readLineEnd } from "./csv_header.ts";
import { filePart, type PartStart, type TextStart } from "./file_part.ts";
import { listFiles, plainSizeOf, sizeOf } from "./file_list.ts";
import type { InputFile } from "./input.ts";
import type { Source, SourcePart } from "./source.ts";

/** How CSV is read. */
export interface CsvOptions {
  /** One ASCII character between fields; `,` by default. */
  readonly delimiter?: string;
  /** Names of the fields, for files without a header line; by default the first line has them. */
  readonly header?: readonly string[];
  /** The unquoted text that means NULL; empty by default. */
  readonly nullText?: string;
  /** What stands in the load row; the paths as they were named, by default. */
  readonly name?: string;
}

/**
 * Rows from CSV files: paths, globs, or `-` for standard input; gzip is decompressed. Each
 * file has its own header line; their names must be the same, their order may differ. A file
 * without a single line has no rows.
 *
 * @throws {LoadError} `source_missing`, `source_unreadable`, `usage`; opening a part throws
 * `source_malformed` for a header that is no header or differs from the others. All headers are
 * read before the first row is.
 */
export function csv(paths: string | readonly string[], options: CsvOptions = {}): Source {
  const dialect = checkDialect(options);
  const specs = typeof paths === "string" ? [paths] : paths;
  const files = listFiles(specs);
  return {
    name: options.name ?? specs.join(", "),
    bytesTotal: sizeOf(files),
    plainBytes: plainSizeOf(files),
    files: files.map(({ path }) => path),
    parts: () => csvParts(files, dialect),
  };
}

/** Options, checked and complete. */
interface CsvDialect {
  readonly delimiter: string;
  readonly header: readonly string[] | undefined;
  readonly nullText: string;
}

function checkDialect(options: CsvOptions): CsvDialect {
  const { delimiter = ",", header, nullText = "" } = options;
  if (!/^[\t\x20-\x7e]$/.test(delimiter) || delimiter === '"') {
    throw usage("The CSV delimiter must be one ASCII character other than a quote");
  }
  if (/["\r\n]/.test(nullText) || nullText.includes(delimiter)) {
    throw usage("The CSV null text must have no delimiter, quote or line end in it");
  }
  const twice = header?.find((name, index) => header.indexOf(name) < index);
  if (twice !== undefined) throw usage(`The CSV header names a column twice: ${twice}`);
  if (header?.length === 0 || header?.includes("")) {
    throw usage("The CSV header must name every column");
  }
  return { delimiter, header, nullText };
}

async function* csvParts(
  files: readonly InputFile[],
  dialect: CsvDialect,
): AsyncGenerator<SourcePart> {
  const seen = new HeaderCheck();
  const parts = files.map((file) => filePart(file, (text) => begin(text, dialect, seen)));
  // A header that does not fit shall be found before the first row is written. What has no size is
  // a pipe, and can be opened once only.
  if (dialect.header === undefined && parts.length > 1) {
    for (const part of parts) {
      if (part.bytesTotal !== undefined) await (await part.open()).close();
    }
  }
  yield* parts;
}

async function begin(
  start: TextStart,
  dialect: CsvDialect,
  seen: HeaderCheck,
): Promise<PartStart> {
  const { delimiter, nullText } = dialect;
  const { text, ...lines } = await readLineEnd(start, delimiter);
  const format = (header: readonly string[]): RecordFormat => {
    return { kind: "csv", delimiter, header, nullText, ...lines };
  };
  if (dialect.header !== undefined) {
    const { head, byteOffset } = text;
    return { format: format(dialect.header), head, line: 1, byteOffset };
  }
  const { names, ...records } = await readHeader(text, { delimiter, ...lines });
  if (names.length > 0) seen.check(text.path, names);
  return { format: format(names), ...records };
}

/**
 * Holds the files of a load to the names of the first. Messages give the number of a column and not
 * its name: in a file without a header that name is a value.
 */
class HeaderCheck {
  #first: { readonly path: string; readonly names: readonly string[] } | undefined;

  check(path: string, names: readonly string[]): void {
    this.#first ??= { path, names };
    const first = this.#first;
    this.#expectAll(names, path, first.names, first.path);
    this.#expectAll(first.names, first.path, names, path);
  }

  #expectAll(
    names: readonly string[],
    path: string,
    others: readonly string[],
    other: string,
  ): void {
    const index = names.findIndex((name) => !others.includes(name));
    if (index < 0) return;
    throw new LoadError(
      `Headers differ: column ${
        index + 1
      } of ${path} is not in ${other}; load files of different ` +
        `columns one by one`,
      { code: "source_malformed", blame: "data" },
    );
  }
}

function usage(message: string): LoadError {
  return new LoadError(message, { code: "usage", blame: "config" });
}

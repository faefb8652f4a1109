/** From the words of a command line to a source. */
import { LoadError } from "../../src/model/errors.ts";
import type { SourceFormat } from "../../src/model/source_format.ts";
import { ast, type AstOptions } from "./ast.ts";
import { csv, type CsvOptions } from "./csv.ts";
import { listFiles } from "./file_list.ts";
import { STANDARD_INPUT } from "./input.ts";
import { ndjson } from "./ndjson.ts";
import type { Source } from "./source.ts";

/** How sources are read, where their names do not tell. */
export interface OpenSourceOptions extends CsvOptions, AstOptions {
  /** The format of all of them; by default the suffixes tell, and `-` is NDJSON. */
  readonly format?: SourceFormat;
}

/** What marks a directory or a file as source code to parse. */
export const AST_PREFIX = "ast:";

const FORMAT_OF: Readonly<Record<string, SourceFormat>> = {
  ndjson: "ndjson",
  jsonl: "ndjson",
  json: "ndjson",
  csv: "csv",
  tsv: "tsv",
};

/**
 * The source that paths, globs, `-` and `ast:` paths stand for; all of one format, which the
 * suffixes `.ndjson`, `.jsonl`, `.json`, `.csv` and `.tsv` tell, also with `.gz` behind them.
 *
 * @throws {LoadError} `usage` for formats that are mixed or cannot be told, and what the sources
 * throw
 */
export function openSource(specs: readonly string[], options: OpenSourceOptions = {}): Source {
  const named = { name: options.name ?? specs.join(", ") };
  const format = options.format ?? formatOf(specs);
  checkCsvOptions(format, options);
  switch (format) {
    case "ndjson":
      return ndjson(specs, named);
    case "csv":
      return csv(specs, { ...options, ...named });
    case "tsv":
      return csv(specs, { delimiter: "\t", ...options, ...named });
    case "ast":
      return ast(specs.map(withoutPrefix), { ...options, ...named });
  }
}

/** An option that would do nothing was meant to do something. */
function checkCsvOptions(format: SourceFormat, options: OpenSourceOptions): void {
  if (format === "csv" || format === "tsv") return;
  const ofCsv = {
    "--delimiter": options.delimiter,
    "--header": options.header,
    "--null": options.nullText,
  };
  const given = Object.entries(ofCsv).filter(([, value]) => value !== undefined);
  if (given.length === 0) return;
  const names = given.map(([name]) => name).join(", ");
  throw usage(`${names}: only CSV has that, and the source is read as ${format}; say --format csv`);
}

function withoutPrefix(spec: string): string {
  return spec.startsWith(AST_PREFIX) ? spec.slice(AST_PREFIX.length) : spec;
}

/** The one format of all sources. */
function formatOf(specs: readonly string[]): SourceFormat {
  const formats = new Map<SourceFormat, string>();
  for (const spec of specs.filter((spec) => spec.startsWith(AST_PREFIX))) formats.set("ast", spec);
  const files = specs.filter((spec) => !spec.startsWith(AST_PREFIX));
  if (files.length > 0 || specs.length === 0) {
    for (const { path } of listFiles(files)) formats.set(formatOfPath(path), path);
  }
  const [[first], second] = [...formats] as [[SourceFormat, string], [SourceFormat, string]?];
  if (second === undefined) return first;
  const found = [...formats].map(([format, path]) => `${path} is ${format}`).join(", ");
  throw usage(`Sources of one load must have one format: ${found}; load them one after another`);
}

function formatOfPath(path: string): SourceFormat {
  if (path === STANDARD_INPUT) return "ndjson";
  const suffix = /\.([^./\\]+?)(?:\.gz)?$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  const format = Object.hasOwn(FORMAT_OF, suffix) ? FORMAT_OF[suffix] : undefined;
  if (format !== undefined) return format;
  throw usage(
    `Cannot tell the format of ${path}: its suffix is none of ` +
      `${Object.keys(FORMAT_OF).map((known) => `.${known}`).join(", ")}; say --format ndjson, ` +
      `--format csv or --format tsv, or ast:${path} for source code`,
  );
}

function usage(message: string): LoadError {
  return new LoadError(message, { code: "usage", blame: "config" });
}

/** Source code as rows: one row for each node of its syntax tree. */
import { LoadError } from "../../src/model/errors.ts";
import { type CodeFile, describe, listCode, type SkipReason } from "./ast_file_list.ts";
import { AST_SUFFIXES, languageOf } from "./ast_language.ts";
import { AST_COLUMNS, AST_TABLE } from "./ast_rows.ts";
import { inputError } from "./input.ts";
import type { Source, SourcePart } from "./source.ts";

export { AST_SUFFIXES } from "./ast_language.ts";
export { AST_COLUMNS } from "./ast_rows.ts";
export type { SkipReason } from "./ast_file_list.ts";

/** How source code is read. */
export interface AstOptions {
  /** Globs, relative to the directory, of which a file must match one; every file by default. */
  readonly include?: readonly string[];
  /**
   * Whether `node_modules`, and what the `.gitignore` files of a directory name, are read too; false
   * by default. `.git` never is, and what is named itself always.
   */
  readonly allFiles?: boolean;
  /** Larger files are passed over; 1 MiB by default. A tree takes about 50 times its text. */
  readonly fileBytesMax?: number;
  /** Told of each file that was passed over, and why. */
  readonly onSkip?: (file: string, reason: SkipReason) => void;
  /** What stands in the load row; `ast:` and the paths as they were named, by default. */
  readonly name?: string;
}

/** A source that tells how much of it was passed over. */
export interface AstSource extends Source {
  /** Files that were passed over in the reading that began last. */
  readonly skipped: number;
}

/**
 * Rows from source code: directories, with all that is below them, and files. The suffix decides the
 * language; files with another suffix are not looked at, symbolic links, `.git`, `node_modules` and
 * what `.gitignore` files name neither. Files that are too large, not UTF-8 or cannot be read or parsed are passed over and counted.
 *
 * All of it is one part. `file` is relative to the directory, where one is named; with several, and
 * for files that are named themselves, it is the path from where the program runs.
 *
 * @throws {LoadError} `source_missing`, `source_unreadable`; `usage` for a file whose suffix is not
 * known
 */
export function ast(paths: string | readonly string[], options: AstOptions = {}): AstSource {
  const roots = typeof paths === "string" ? [paths] : paths;
  if (roots.length === 0) throw usage("No source code was named: name a directory or a file");
  for (const root of roots) checkRoot(root);
  return new CodeSource(roots, options);
}

class CodeSource implements AstSource {
  readonly name: string;
  readonly columns = AST_COLUMNS;
  readonly table = AST_TABLE;
  readonly #roots: readonly string[];
  readonly #options: AstOptions;
  #bytesTotal: number | undefined;
  #skipped = 0;

  constructor(roots: readonly string[], options: AstOptions) {
    this.#roots = roots;
    this.#options = options;
    this.name = options.name ?? `ast:${roots.join(", ")}`;
  }

  /** Known as soon as `parts` has found the files. */
  get bytesTotal(): number | undefined {
    return this.#bytesTotal;
  }

  get skipped(): number {
    return this.#skipped;
  }

  get files(): readonly string[] {
    return this.#roots;
  }

  async *parts(): AsyncGenerator<SourcePart> {
    this.#skipped = 0;
    const files = await this.#list();
    const bytesTotal = files.reduce((sum, file) => sum + file.bytes, 0);
    this.#bytesTotal = bytesTotal;
    const skip = this.#skip.bind(this);
    const open = async () => {
      // The parser is loaded only where there is something to parse.
      const { openCode } = await import("./ast_part.ts");
      return openCode(files, skip);
    };
    yield { name: this.name, bytesTotal, open };
  }

  async #list(): Promise<CodeFile[]> {
    const { include, allFiles = false, fileBytesMax = 1024 * 1024 } = this.#options;
    const options = { include, allFiles, fileBytesMax, skip: this.#skip.bind(this) };
    const files: CodeFile[] = [];
    for (const root of this.#roots) {
      const shown = root.replaceAll("\\", "/").replace(/^(\.\/+)+/, "");
      const prefix = this.#roots.length === 1 || shown === "."
        ? ""
        : `${shown.replace(/\/+$/, "")}/`;
      if ((await Deno.stat(root)).isDirectory) files.push(...await listCode(root, prefix, options));
      else {files.push(...[await describe(root, shown, options)].filter((file) =>
          file !== undefined
        ));}
    }
    if (files.length > 0 || this.#skipped > 0) return files;
    throw new LoadError(
      `No source code in ${this.#roots.join(", ")}: known suffixes are ${AST_SUFFIXES.join(", ")}`,
      { code: "source_missing", blame: "config" },
    );
  }

  #skip(file: string, reason: SkipReason): void {
    this.#skipped++;
    this.#options.onSkip?.(file, reason);
  }
}

function checkRoot(path: string): void {
  try {
    const info = Deno.statSync(path);
    if (info.isDirectory || languageOf(path) !== undefined) return;
  } catch (error) {
    throw inputError(path, error);
  }
  throw usage(`No grammar for ${path}: known suffixes are ${AST_SUFFIXES.join(", ")}`);
}

function usage(message: string): LoadError {
  return new LoadError(message, { code: "usage", blame: "config" });
}

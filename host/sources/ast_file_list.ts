/** The source code below a directory. */
import { globToRegExp } from "@std/path/posix/glob-to-regexp";
import { languageOf } from "./ast_language.ts";

/** A file to parse. */
export interface CodeFile {
  /** Where it is read. */
  readonly path: string;
  /** What stands in the column `file`. */
  readonly file: string;
  readonly language: string;
  readonly bytes: number;
}

/** Why a file was passed over. */
export type SkipReason = "too_large" | "not_utf8" | "unreadable" | "parse_failed";

/** What is looked for, and who is told of what is passed over. */
export interface CodeFileOptions {
  /** Larger files are passed over. */
  readonly fileBytesMax: number;
  /** Globs of which a path below the directory must match one; undefined for every path. */
  readonly include: readonly string[] | undefined;
  readonly skip: (file: string, reason: SkipReason) => void;
}

/**
 * Every file with a suffix that can be parsed, sorted by path; `.git` and symbolic links are passed
 * over. `prefix` is put before the paths in the column `file`.
 */
export async function listCode(
  directory: string,
  prefix: string,
  options: CodeFileOptions,
): Promise<CodeFile[]> {
  const included = matcher(options.include);
  const files: CodeFile[] = [];
  const waiting = [""];
  for (let below; (below = waiting.pop()) !== undefined;) {
    for await (const entry of entries(join(directory, below), below, options)) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory && entry.name !== ".git") waiting.push(path);
      if (!entry.isFile || !included(path)) continue;
      const code = await describe(join(directory, path), prefix + path, options);
      if (code !== undefined) files.push(code);
    }
  }
  return files.sort((a, b) => a.file < b.file ? -1 : a.file > b.file ? 1 : 0);
}

/** One file, or undefined if there is no grammar for it or it is passed over. */
export async function describe(
  path: string,
  file: string,
  { fileBytesMax, skip }: CodeFileOptions,
): Promise<CodeFile | undefined> {
  const language = languageOf(path);
  if (language === undefined) return undefined;
  try {
    const { size } = await Deno.stat(path);
    if (size <= fileBytesMax) return { path, file, language, bytes: size };
    skip(file, "too_large");
  } catch {
    skip(file, "unreadable");
  }
  return undefined;
}

async function* entries(
  directory: string,
  below: string,
  { skip }: CodeFileOptions,
): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(directory);
  } catch {
    skip(below === "" ? directory : below, "unreadable");
  }
}

function matcher(globs: readonly string[] | undefined): (path: string) => boolean {
  if (globs === undefined) return () => true;
  const expressions = globs.map((glob) => globToRegExp(glob));
  return (path) => expressions.some((expression) => expression.test(path));
}

function join(directory: string, below: string): string {
  if (below === "") return directory;
  return directory.endsWith("/") ? directory + below : `${directory}/${below}`;
}

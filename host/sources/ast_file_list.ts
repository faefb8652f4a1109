/** The source code below a directory. */
import { globToRegExp } from "@std/path/posix/glob-to-regexp";
import { languageOf } from "./ast_language.ts";
import { GitIgnore } from "./git_ignore.ts";

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
  /** Whether files are looked at that are somebody else's, or made: see {@linkcode listCode}. */
  readonly allFiles: boolean;
  readonly skip: (file: string, reason: SkipReason) => void;
}

/**
 * Every file with a suffix that can be parsed, sorted by path; `.git` and symbolic links are passed
 * over, and, unless all files are asked for, `node_modules` and what `.gitignore` files name. `prefix` is put before the paths in the column `file`.
 */
export async function listCode(
  directory: string,
  prefix: string,
  options: CodeFileOptions,
): Promise<CodeFile[]> {
  const included = matcher(options.include);
  const files: CodeFile[] = [];
  const root = await Deno.realPath(directory).catch(() => directory);
  const above = options.allFiles ? undefined : await GitIgnore.above(root);
  const waiting = [{ below: "", rules: above }];
  for (let next; (next = waiting.pop()) !== undefined;) {
    const { below } = next;
    const rules = await next.rules?.within(join(root, below));
    for await (const entry of entries(join(directory, below), below, options)) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (rules?.leavesOut(`${join(root, path)}${entry.isDirectory ? "/" : ""}`)) continue;
      const passed = entry.name === ".git" || (rules && entry.name === "node_modules");
      if (entry.isDirectory && !passed) waiting.push({ below: path, rules });
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

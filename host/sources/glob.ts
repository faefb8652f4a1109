/** Finds the files that a glob matches: `*`, `?`, `[…]`, `{a,b}` within a name, and `**` across. */
import { globToRegExp } from "@std/path/posix/glob-to-regexp";
import { isGlob } from "@std/path/is-glob";
import { inputError } from "./input.ts";

/** Whether a path has something of a glob in it. */
export function hasGlob(path: string): boolean {
  return isGlob(path);
}

/**
 * The files that match, sorted by path (by UTF-16 code units, so alike on every machine). Names that
 * begin with a dot are matched by a dot only. `**` does not follow symbolic links.
 *
 * @throws {LoadError} `source_unreadable` if a directory on the way cannot be read
 */
export function expandGlob(pattern: string): string[] {
  const found = new Set<string>();
  const absolute = pattern.startsWith("/");
  match(absolute ? "/" : "", pattern.split("/").filter((segment) => segment !== ""), found);
  return [...found].sort();
}

function match(directory: string, segments: readonly string[], found: Set<string>): void {
  const [segment, ...rest] = segments;
  if (segment === undefined) return;
  if (segment === "**") {
    match(directory, rest.length === 0 ? ["*"] : rest, found);
    for (const entry of read(directory)) {
      if (entry.isDirectory && !entry.name.startsWith(".")) {
        match(`${directory}${entry.name}/`, segments, found);
      }
    }
  } else if (!isGlob(segment)) {
    step(`${directory}${segment}`, rest, found);
  } else {
    const name = globToRegExp(segment);
    for (const entry of read(directory)) {
      const hidden = entry.name.startsWith(".") && !segment.startsWith(".");
      if (!hidden && name.test(entry.name)) step(`${directory}${entry.name}`, rest, found);
    }
  }
}

/** Goes on below `path`, or takes it if it is a file at the end of the pattern. */
function step(path: string, rest: readonly string[], found: Set<string>): void {
  if (rest.length > 0) return match(`${path}/`, rest, found);
  try {
    if (!Deno.statSync(path).isDirectory) found.add(path);
  } catch (error) {
    // A link that leads nowhere matches nothing.
    if (!(error instanceof Deno.errors.NotFound)) throw inputError(path, error);
  }
}

function read(directory: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(directory === "" ? "." : directory)];
  } catch (error) {
    const nothing = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (nothing) return [];
    throw inputError(directory, error);
  }
}

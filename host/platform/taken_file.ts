/**
 * Files that are something to this program already, and so can be nothing else: known by what they
 * are on the disk, whatever their names are.
 */
import type { DatabaseBackend } from "../../src/model/backend.ts";
import { LoadError } from "../../src/model/errors.ts";
import { fileIdentity } from "./file_identity.ts";

/** A file and what it is. */
export interface TakenFile {
  /** Its path. */
  readonly path: string;
  /** As in `it is the source`. */
  readonly what: string;
}

/** Where the program's own streams lead to, on systems that tell. */
export const STREAMS: readonly TakenFile[] = [
  { path: "/dev/stdout", what: "what standard output goes to" },
  { path: "/dev/stderr", what: "what standard error goes to" },
];

/**
 * Names the first of them that a file is, or would be once it is made.
 *
 * @throws {LoadError} `usage`
 */
export function checkNotTaken(path: string, taken: readonly TakenFile[]): void {
  const file = fileIdentity(path);
  for (const other of taken) {
    if (fileIdentity(other.path) === file) {
      throw new LoadError(`${path} cannot be written to: it is ${other.what}`, {
        code: "usage",
        blame: "config",
      });
    }
  }
}

/** Files that a backend writes to, or is made from. */
export function filesOf({ files = [], plugin }: DatabaseBackend): readonly TakenFile[] {
  return [
    ...(plugin ? [{ path: plugin.file, what: "the plugin" }] : []),
    ...databaseFiles(files),
  ];
}

/** Files that a database is made of. */
export function databaseFiles(files: readonly string[]): readonly TakenFile[] {
  return files.map((path) => ({ path, what: "the database that rows go to" }));
}

/** From source arguments to files. */
import { LoadError } from "../../src/model/errors.ts";
import { expandGlob, hasGlob } from "./glob.ts";
import { inputError, type InputFile, isGzip, isGzipName, STANDARD_INPUT } from "./input.ts";

/**
 * The files that paths, globs and `-` stand for: arguments in their order, the matches of a glob by
 * name. A path that exists is taken as it is, also where it looks like a glob.
 *
 * @throws {LoadError} `source_missing`, `source_unreadable`, `usage`
 */
export function listFiles(specs: readonly string[]): InputFile[] {
  if (specs.length === 0) throw usage("No source was named: name a file, a glob or -");
  if (specs.filter((spec) => spec === STANDARD_INPUT).length > 1) {
    throw usage("Standard input can be read once: name - once");
  }
  return specs.flatMap((spec) => {
    if (spec === "") throw usage("A source has an empty name: name a file, a glob or -");
    if (spec === STANDARD_INPUT) return [{ path: spec }];
    if (!hasGlob(spec) || exists(spec)) return [checkFile(spec)];
    const paths = expandGlob(spec);
    if (paths.length > 0) return paths.map(checkFile);
    throw new LoadError(`No file matches: ${spec}`, { code: "source_missing", blame: "config" });
  });
}

/** The bytes of all files, where every one is known. */
export function sizeOf(files: readonly InputFile[]): number | undefined {
  let total = 0;
  for (const { bytesTotal } of files) {
    if (bytesTotal === undefined) return undefined;
    total += bytesTotal;
  }
  return total;
}

/** The same where none is compressed: then it says how much is to be loaded. */
export function plainSizeOf(files: readonly InputFile[]): number | undefined {
  return files.some(({ compressed }) => compressed) ? undefined : sizeOf(files);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Finds now, and not halfway through the load, that a file cannot be read. */
function checkFile(path: string): InputFile {
  try {
    const info = Deno.statSync(path);
    if (info.isDirectory) {
      throw new LoadError(
        `Cannot read ${path}: it is a directory; name its files, as in ${
          path.replace(/\/+$/, "")
        }/*.ndjson, or read ` +
          `its source code with ast:${path}`,
        { code: "source_unreadable", blame: "config" },
      );
    }
    // Opening a pipe would wait for its writer.
    if (!info.isFile) return { path };
    return { path, bytesTotal: info.size, compressed: isCompressed(path) };
  } catch (error) {
    throw inputError(path, error);
  }
}

function isCompressed(path: string): boolean {
  using file = Deno.openSync(path);
  const mark = new Uint8Array(2);
  return file.readSync(mark) === 2 && isGzip(mark) || isGzipName(path);
}

function usage(message: string): LoadError {
  return new LoadError(message, { code: "usage", blame: "config" });
}

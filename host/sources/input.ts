/** Bytes of a file or of standard input, decompressed where the name ends in `.gz`. */
import { LoadError } from "../../src/errors.ts";

/** What stands for standard input where a path is expected. */
export const STANDARD_INPUT = "-";

/** A file that is known to be there. */
export interface InputFile {
  /** The path as it was named, or `-`. */
  readonly path: string;
  /** Size on disk; undefined for pipes and standard input. */
  readonly bytesTotal?: number;
}

/** Bytes that are being read. */
export interface Input {
  /**
   * Reads into the start of `into` what is there without waiting for more. Resolves to how many
   * bytes that was; to undefined at the end, and, without an error, once it is closed.
   */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | undefined>;
  /** Bytes that were read of the file itself, before it is decompressed. */
  bytesRead(): number;
  /** Stops reading and lets go of the file; may be called again. */
  close(): Promise<void>;
}

/** Whether a name says that the file is compressed. */
export function isGzip(path: string): boolean {
  return path.toLowerCase().endsWith(".gz");
}

/**
 * Opens a file or standard input.
 *
 * @throws {LoadError} `source_missing`, `source_unreadable`; reading throws `source_unreadable` too,
 * also where a compressed file is damaged or cut off
 */
export async function openInput(path: string): Promise<Input> {
  const file = path === STANDARD_INPUT ? Deno.stdin : await openFile(path);
  const input = new FileInput(file, path);
  if (!isGzip(path)) return input;
  const { gunzip } = await import("./gunzip.ts");
  return gunzip(input, path);
}

/** The error for a path that cannot be read. @returns `source_missing` or `source_unreadable` */
export function inputError(path: string, error: unknown): LoadError {
  if (error instanceof LoadError) return error;
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
    return new LoadError(`No such file: ${path}`, { code: "source_missing", blame: "config" });
  }
  return new LoadError(`Cannot read ${path}: ${reasonOf(error)}`, {
    code: "source_unreadable",
    blame: "config",
    cause: error,
  });
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    throw inputError(path, error);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.NotCapable) return "Deno was not given --allow-read for it";
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "reading failed";
}

class FileInput implements Input {
  readonly #file: Pick<Deno.FsFile, "read" | "close">;
  readonly #path: string;
  #bytesRead = 0;
  #closed = false;

  constructor(file: Pick<Deno.FsFile, "read" | "close">, path: string) {
    this.#file = file;
    this.#path = path;
  }

  bytesRead(): number {
    return this.#bytesRead;
  }

  async read(into: Uint8Array<ArrayBuffer>): Promise<number | undefined> {
    while (!this.#closed) {
      const count = await this.#read(into);
      if (count === null) await this.close();
      else if (count > 0) {
        this.#bytesRead += count;
        return count;
      }
    }
    return undefined;
  }

  close(): Promise<void> {
    // Closing interrupts a read that waits, so that nothing keeps the process alive.
    if (!this.#closed) this.#file.close();
    this.#closed = true;
    return Promise.resolve();
  }

  async #read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    try {
      return await this.#file.read(into);
    } catch (error) {
      if (this.#closed) return null;
      throw inputError(this.#path, error);
    }
  }
}

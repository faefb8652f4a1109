/**
 * The file that rows which are left out are kept in: one line of JSON each, see `reject_line.ts`.
 *
 * Invariants
 * - A line is on the disk before the rest of its batch is committed. Where the program dies in
 *   between, the batch comes again, and so do its rejects: what a load finds of its own in the file,
 *   from batches that its ledger does not have, it takes out before it goes on.
 * - Lines are appended, or the file is replaced whole: nothing is ever missing from it meanwhile.
 * - One program at a time has the file, since what another one appends while it is replaced is lost.
 */
import type { BackendLoad } from "../src/backend.ts";
import type { RecordFormat, RejectedRow } from "../src/batch.ts";
import { LoadError, messageOf } from "../src/errors.ts";
import { batchOfLine, rejectLine } from "./reject_line.ts";

/** See the head of this file. */
export class RejectFile {
  readonly #path: string;
  #file: Deno.FsFile;
  #load = "";
  /** Batches of this run whose rows were kept. */
  readonly #kept = new Set<number>();
  #turn: Promise<void> = Promise.resolve();

  private constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Opens a file to append to; `create` makes it where it is missing.
   *
   * @throws {LoadError} `usage`; `source_missing` where it is missing
   */
  static async open(
    path: string,
    { create }: { readonly create: boolean },
  ): Promise<RejectFile> {
    try {
      for (;;) {
        const file = await Deno.open(path, { append: true, create, read: true });
        // What is put in its place shall not take the place of a link to it.
        const real = await Deno.realPath(path);
        if (!await file.tryLock(true)) {
          file.close();
          throw inUse(path);
        }
        if (await isAt(file, real)) return new RejectFile(real, file);
        file.close();
      }
    } catch (error) {
      if (error instanceof LoadError) throw error;
      if (error instanceof Deno.errors.NotFound && !create) {
        throw new LoadError(`No such file: ${path}`, { code: "source_missing", blame: "config" });
      }
      throw new LoadError(`Rejects cannot be kept in ${path}: ${messageOf(error)}`, {
        code: "usage",
        blame: "config",
        cause: error,
      });
    }
  }

  /** Takes out what a load has left here of batches that are not in. */
  async begin(load: Pick<BackendLoad, "id" | "batches">): Promise<void> {
    this.#load = load.id;
    const known = new Set(load.batches.map(({ sequence }) => sequence));
    await this.change((line) => {
      const batch = batchOfLine(line, load.id);
      return batch === undefined || known.has(batch) ? line : undefined;
    });
  }

  /** Keeps rows of a batch; resolves once they are on the disk. */
  readonly keep = (
    batch: number,
    rows: readonly RejectedRow[],
    format: RecordFormat,
  ): Promise<void> => {
    const load = this.#load;
    const lines = rows.map((row) => rejectLine(row, { load, batch, format }));
    return this.#next(async () => {
      // It was not committed then: what is left out of it now is what counts.
      if (this.#kept.has(batch)) {
        await this.#change((line) => batchOfLine(line, load) === batch ? undefined : line);
      }
      this.#kept.add(batch);
      await this.#append(lines);
    });
  };

  /** The lines as they stand there, without their ends. The last one may be torn. */
  lines(): Promise<readonly string[]> {
    return this.#read();
  }

  /**
   * Puts what `of` says in the place of each line, nothing where it says so. Each line that is there
   * then has its end, so that what is appended is a line of its own.
   */
  change(of: (line: string) => string | undefined): Promise<void> {
    return this.#next(() => this.#change(of));
  }

  /** Closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turn.catch(() => {});
    this.#file.close();
  }

  #next(act: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.catch(() => {}).then(async () => {
      try {
        await act();
      } catch (error) {
        throw new LoadError(`Rejects cannot be kept in ${this.#path}: ${messageOf(error)}`, {
          code: "resource_exhausted",
          blame: "config",
          cause: error,
        });
      }
    });
    return this.#turn;
  }

  async #read(): Promise<string[]> {
    const lines = (await Deno.readTextFile(this.#path)).split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines;
  }

  async #change(of: (line: string) => string | undefined): Promise<void> {
    const before = await Deno.readTextFile(this.#path);
    const lines = before.split("\n").filter((line) => line !== "");
    const after = textOf(lines.map(of).filter((line) => line !== undefined));
    if (after === before) return;
    const beside = `${this.#path}.new`;
    const { mode } = await this.#file.stat();
    const next = await Deno.open(beside, {
      append: true,
      create: true,
      read: true,
      ...(mode === null ? {} : { mode: mode & 0o777 }),
    });
    try {
      await next.lock(true);
      // A crash may have left one.
      await next.truncate(0);
      await writeAll(next, after);
      // Not to be on the disk itself: the file as it was, should it come back, is put right again.
      await Deno.rename(beside, this.#path);
    } catch (error) {
      next.close();
      throw error;
    }
    this.#file.close();
    this.#file = next;
  }

  async #append(lines: readonly string[]): Promise<void> {
    await writeAll(this.#file, textOf(lines));
  }
}

/** Whether an open file is the one of that name: another may have been put in its place. */
async function isAt(file: Deno.FsFile, path: string): Promise<boolean> {
  const [open, there] = await Promise.all([file.stat(), Deno.stat(path)]);
  return open.ino === there.ino && open.dev === there.dev;
}

async function writeAll(file: Deno.FsFile, text: string): Promise<void> {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
  await file.syncData();
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function inUse(path: string): LoadError {
  return new LoadError(`Another load, or a replay, has ${path} in hand`, {
    code: "usage",
    blame: "config",
  });
}

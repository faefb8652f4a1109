/**
 * The audit log: NDJSON, appended to a file, in order. Several programs may append to one; a file that
 * holds anything else is refused as it stands.
 */
import { auditLine, type AuditRecord } from "../../src/audit/audit.ts";
import { plainFile } from "../platform/held_file.ts";
import { checkNotTaken, type TakenFile } from "../platform/taken_file.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import type { World } from "../../src/model/world.ts";

/** What every record begins with, where a digit is any digit. */
const HEAD = '{"time":"0000-00-00T00:00:00.000Z","event":"';

/** Appends records to one file. Writes are queued; {@linkcode close} waits for them. */
export class AuditLog {
  readonly #file: Deno.FsFile;
  readonly #path: string;
  readonly #world: World;
  #queue: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #isFlushing = false;
  #failure: LoadError | undefined;

  private constructor(path: string, file: Deno.FsFile, world: World) {
    this.#path = path;
    this.#file = file;
    this.#world = world;
  }

  /**
   * Opens the file for appending, makes it if it is not there. It is none of the files that are taken.
   *
   * @throws {LoadError} `config_invalid`, `usage`
   */
  static async open(
    path: string,
    world: World,
    taken: readonly TakenFile[] = [],
  ): Promise<AuditLog> {
    try {
      const there = await plainFile(path, { links: true });
      if (there !== undefined) await checkNotTaken(there, taken);
      const create = there === undefined ? { createNew: true, mode: 0o600 } : {};
      const file = await Deno.open(there ?? path, { append: true, read: true, ...create });
      const log = new AuditLog(path, file, world);
      try {
        if (await isTorn(file)) log.#queue.push("\n");
        return log;
      } catch (error) {
        file.close();
        throw error;
      }
    } catch (error) {
      if (error instanceof LoadError) throw error;
      throw new LoadError(`Audit log cannot be opened: ${path} (${messageOf(error)})`, {
        code: "config_invalid",
        blame: "config",
      });
    }
  }

  /** Queues a record. @throws {LoadError} `resource_exhausted` if an earlier one could not be written */
  write(record: AuditRecord): void {
    if (this.#failure) throw this.#failure;
    this.#queue.push(auditLine(record, this.#world.now()));
    if (!this.#isFlushing) {
      this.#isFlushing = true;
      this.#writing = this.#writing.then(() => this.#flush());
    }
  }

  /** Waits for what is queued and closes the file. @throws {LoadError} `resource_exhausted` */
  async close(): Promise<void> {
    await this.#writing;
    this.#file.close();
    if (this.#failure) throw this.#failure;
  }

  async #flush(): Promise<void> {
    this.#isFlushing = false;
    const bytes = new TextEncoder().encode(this.#queue.splice(0).join(""));
    try {
      for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
    } catch (error) {
      this.#failure ??= new LoadError(
        `Audit log cannot be written: ${this.#path} (${messageOf(error)})`,
        {
          code: "resource_exhausted",
          blame: "host",
        },
      );
    }
  }
}

/** Whether the last record has no end, since a program died as it wrote it. @throws where it is no log */
async function isTorn(file: Deno.FsFile): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  // A record that was torn as the first one may be shorter.
  const head = (await readAt(file, 0, Math.min(size, HEAD.length))).replaceAll(/\d/g, "0");
  if (!HEAD.startsWith(head)) throw new Error("it holds something else, and is left as it is");
  return await readAt(file, size - 1, 1) !== "\n";
}

async function readAt(file: Deno.FsFile, offset: number, length: number): Promise<string> {
  await file.seek(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  let count = 0;
  for (let read; count < length && (read = await file.read(bytes.subarray(count)));) count += read;
  return new TextDecoder("latin1").decode(bytes.subarray(0, count));
}

/**
 * The audit log: NDJSON, appended to a file, in order, each record linked to the one before. A file
 * that holds anything else is refused as it stands.
 *
 * Several programs may append to one file: whoever writes has it locked, and goes on behind whatever was
 * written last. The lock is the system's and ends with the program, however that ends.
 */
import type { AuditRecord } from "../../src/audit/audit.ts";
import { type AuditLink, linkedLine } from "../../src/audit/chain.ts";
import { plainFile, writeAll } from "../platform/held_file.ts";
import { sha256 } from "../platform/sha256.ts";
import { checkNotTaken, type TakenFile } from "../platform/taken_file.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { World } from "../../src/model/world.ts";
import { type AuditTail, readAuditTail, readBytes } from "./audit_tail.ts";

/** What every record begins with, where a digit is any digit. */
const HEAD = '{"time":"0000-00-00T00:00:00.000Z","event":"';

const POLL_MS = 2;

/** Appends records to one file. Writes are queued; {@linkcode close} waits for them. */
export class AuditLog {
  readonly #file: Deno.FsFile;
  readonly #path: string;
  readonly #world: World;
  #queue: { readonly record: AuditRecord; readonly time: number }[] = [];
  /** Bytes of the file as this program has left it, and what goes on behind them. */
  #left: { readonly size: number; readonly link: AuditLink } | undefined;
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
      checkNotTaken(there ?? path, taken);
      const create = there === undefined ? { createNew: true, mode: 0o600 } : {};
      const file = await Deno.open(there ?? path, { append: true, read: true, ...create });
      const log = new AuditLog(path, file, world);
      try {
        await checkIsLog(file);
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
    this.#queue.push({ record, time: this.#world.now() });
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
    try {
      await this.#lock();
      try {
        await this.#append();
      } finally {
        await this.#file.unlock();
      }
    } catch (error) {
      this.#isFlushing = false;
      this.#failure ??= new LoadError(
        `Audit log cannot be written: ${this.#path} (${messageOf(error)})`,
        {
          code: "resource_exhausted",
          blame: "host",
        },
      );
    }
  }

  async #append(): Promise<void> {
    const { size } = await this.#file.stat();
    const tail: AuditTail = this.#left?.size === size
      ? { link: this.#left.link, open: false }
      : await readAuditTail(this.#file, size);
    let { link } = tail;
    let text = tail.open ? "\n" : "";
    // What comes from now on is written by the next.
    this.#isFlushing = false;
    for (const { record, time } of this.#queue.splice(0)) {
      const line = linkedLine(record, time, link);
      text += line;
      link = { number: link.number + 1, previous: await sha256(line.slice(0, -1)) };
    }
    const bytes = new TextEncoder().encode(text);
    this.#left = undefined;
    await writeAll(this.#file, bytes);
    this.#left = { size: size + bytes.length, link };
  }

  /** Waits until nobody else writes. @throws where that takes too long */
  async #lock(): Promise<void> {
    const until = performance.now() + LIMITS.auditWaitMs;
    while (!await this.#file.tryLock(true)) {
      if (performance.now() >= until) throw new Error("another program has locked it");
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

/** @throws where the file holds something else */
async function checkIsLog(file: Deno.FsFile): Promise<void> {
  // A record that was cut off as the first one may be shorter.
  const bytes = await readBytes(file, 0, HEAD.length);
  const head = new TextDecoder("latin1").decode(bytes).replaceAll(/\d/g, "0");
  if (!HEAD.startsWith(head)) throw new Error("it holds something else, and is left as it is");
}

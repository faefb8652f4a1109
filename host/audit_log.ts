/** The audit log: NDJSON, appended to a file, in order. */
import { auditLine, type AuditRecord } from "../src/observe/audit.ts";
import { LoadError, messageOf } from "../src/errors.ts";
import type { World } from "../src/world.ts";

/** Appends records to one file. Writes are queued; {@linkcode close} waits for them. */
export class AuditLog {
  readonly #file: Deno.FsFile;
  readonly #path: string;
  readonly #world: World;
  #queue: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #failure: LoadError | undefined;

  private constructor(path: string, file: Deno.FsFile, world: World) {
    this.#path = path;
    this.#file = file;
    this.#world = world;
  }

  /** Opens the file for appending, makes it if it is not there. @throws {LoadError} `config_invalid` */
  static async open(path: string, world: World): Promise<AuditLog> {
    try {
      const file = await Deno.open(path, { append: true, create: true, mode: 0o600 });
      return new AuditLog(path, file, world);
    } catch (error) {
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
    if (this.#queue.length === 1) this.#writing = this.#writing.then(() => this.#flush());
  }

  /** Waits for what is queued and closes the file. @throws {LoadError} `resource_exhausted` */
  async close(): Promise<void> {
    await this.#writing;
    this.#file.close();
    if (this.#failure) throw this.#failure;
  }

  async #flush(): Promise<void> {
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

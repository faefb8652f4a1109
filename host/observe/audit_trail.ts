/**
 * Where audit records go: to a file, which may be another one later, or nowhere.
 *
 * Invariants
 * - A record is in one file: that which was in force when it was written.
 * - A file that another takes the place of says so with its last record, and the other with its first.
 */
import type { AuditRecord } from "../../src/audit/audit.ts";
import { defined } from "../../src/model/defined.ts";
import type { World } from "../../src/model/world.ts";
import type { TakenFile } from "../platform/taken_file.ts";
import type { AuditLog } from "./audit_log.ts";

/** Where audit records go. */
export class AuditTrail {
  readonly #world: World;
  #log: AuditLog | undefined;
  #path: string | undefined;

  /** Goes nowhere yet. */
  constructor(world: World) {
    this.#world = world;
  }

  /** The file, if there is one. */
  get files(): readonly TakenFile[] {
    return this.#path === undefined ? [] : [{ path: this.#path, what: "the audit log" }];
  }

  /** Begins with a file, if any. @throws {LoadError} `config_invalid`, `usage` */
  async open(path: string | undefined, taken: readonly TakenFile[]): Promise<void> {
    this.#log = path === undefined ? undefined : await this.#opened(path, taken);
    this.#path = path;
  }

  /**
   * Goes on in another file, or nowhere. Nothing is changed where it cannot be opened.
   *
   * @throws {LoadError} as above
   */
  async move(path: string | undefined, taken: readonly TakenFile[]): Promise<void> {
    if (path === this.#path) return;
    const next = path === undefined ? undefined : await this.#opened(path, taken);
    const before = this.#log;
    const from = this.#path;
    this.#log = next;
    this.#path = path;
    next?.write({ event: "audit_moved", ...defined({ from }) });
    try {
      before?.write({ event: "audit_moved", ...defined({ to: path }) });
      await before?.close();
    } catch {
      // What cannot be written any more is what somebody may have moved it for.
    }
  }

  /** @throws {LoadError} `resource_exhausted` if an earlier one could not be written */
  write(record: AuditRecord): void {
    this.#log?.write(record);
  }

  /** Waits for what is queued. @throws {LoadError} `resource_exhausted` */
  async close(): Promise<void> {
    await this.#log?.close();
  }

  async #opened(path: string, taken: readonly TakenFile[]): Promise<AuditLog> {
    const { AuditLog } = await import("./audit_log.ts");
    return await AuditLog.open(path, this.#world, taken);
  }
}

import type {
  Batch,
  Config,
  ConfigSchema,
  DatabaseBackend,
  HealthStatus,
  ValidationResult,
  WriteResult,
} from "../../mod.ts";
import { DEFAULT_CAPABILITIES, LoadError, rowCount, validateBatch } from "../../mod.ts";

const STORES = new Map<string, unknown[]>();

/** A backend in TypeScript that keeps rows in memory: the smallest one that is whole. */
export class MemoryBackend implements DatabaseBackend {
  /** Its settings. */
  static readonly SCHEMA: ConfigSchema = {
    type: "object",
    properties: {
      name: { type: "string", description: "Which store to keep the rows in", minLength: 1 },
    },
    required: ["name"],
  };

  readonly capabilities = { ...DEFAULT_CAPABILITIES, batchRowsMax: 100 };
  #rows: unknown[] | undefined;

  /** The rows of a store. */
  static rowsOf(name: string): readonly unknown[] {
    return STORES.get(name) ?? [];
  }

  connect(config: Config): Promise<void> {
    const name = String(config.name);
    this.#rows = STORES.get(name) ?? [];
    STORES.set(name, this.#rows);
    return Promise.resolve();
  }

  writeBatch(batch: Batch): Promise<WriteResult> {
    if (!this.#rows) {
      throw new LoadError("Not connected", { code: "backend_unavailable", blame: "host" });
    }
    const rows = rowCount(batch);
    for (let i = 0; i < rows; i++) {
      const text = new TextDecoder().decode(
        batch.bytes.subarray(batch.offsets[i], batch.offsets[i + 1]),
      );
      this.#rows.push(JSON.parse(text));
    }
    return Promise.resolve({
      kind: "written",
      counts: { read: rows, committed: rows, superseded: 0, rejected: 0 },
      contentHash: "",
      milliseconds: 0,
    });
  }

  validate(batch: Batch): ValidationResult {
    return validateBatch(batch, this.capabilities);
  }

  healthCheck(): Promise<HealthStatus> {
    return Promise.resolve({
      status: this.#rows ? "healthy" : "unhealthy",
      latencyMs: 0,
      checkedAt: Date.now(),
    });
  }

  close(): Promise<void> {
    this.#rows = undefined;
    return Promise.resolve();
  }
}

/** A load on a backend that keeps none: every batch goes to `writeBatch`, one at a time. */
import type { BackendLoad, DatabaseBackend, LoadRequest, WriteResult } from "../model/backend.ts";
import { DEFAULT_CAPABILITIES } from "../model/backend.ts";
import type { Batch } from "../model/batch.ts";
import { LoadError } from "../model/errors.ts";
import { validateBatch } from "../batching/validate_batch.ts";

/**
 * Opens such a load. Its id is empty: there is no load row.
 *
 * @throws {LoadError} `usage` on a mode that the backend has not, and on a rule for U+0000 or for
 * indexes, of which `writeBatch` would not hear
 */
export function openUnledgeredLoad(backend: DatabaseBackend, request: LoadRequest): BackendLoad {
  const capabilities = backend.capabilities ?? DEFAULT_CAPABILITIES;
  if (!capabilities.modes.includes(request.shape.mode)) {
    throw new LoadError(
      `Backend has no mode ${request.shape.mode}, it has ${capabilities.modes.join(", ")}`,
      { code: "usage", blame: "config" },
    );
  }
  if (request.nul !== undefined) {
    throw new LoadError("Backend takes rows as they are: it has no rule for U+0000", {
      code: "usage",
      blame: "config",
    });
  }
  if (request.indexes !== undefined) {
    throw new LoadError("Backend cannot make indexes after its rows", {
      code: "usage",
      blame: "config",
    });
  }
  return {
    id: "",
    generation: 1,
    batches: [],
    complete: false,
    planHash: "",
    lanes: 1,
    batchRowsMax: Math.min(request.batchRowsMax, capabilities.batchRowsMax),
    batchBytesMax: Math.min(request.batchBytesMax, capabilities.batchBytesMax),
    write: serially((batch) => writeValid(backend, batch)),
    finish: () => Promise.resolve(),
    abandon: () => Promise.resolve(),
  };
}

async function writeValid(backend: DatabaseBackend, batch: Batch): Promise<WriteResult> {
  const { valid, faults } = backend.validate?.(batch) ??
    validateBatch(batch, backend.capabilities ?? DEFAULT_CAPABILITIES);
  if (valid) return await backend.writeBatch(batch);
  return {
    kind: "fatal",
    failure: {
      kind: "unknown",
      code: "invalid_batch",
      message: `Batch is not valid: ${faults.join("; ")}`,
    },
  };
}

function serially(
  write: (batch: Batch) => Promise<WriteResult>,
): (batch: Batch) => Promise<WriteResult> {
  let turn: Promise<unknown> = Promise.resolve();
  return (batch) => {
    const mine = turn.then(() => write(batch));
    turn = mine.catch(() => {});
    return mine;
  };
}

/** The default answer to whether a batch meets a backend's requirements. */
import type { BackendCapabilities, ValidationResult } from "../model/backend.ts";
import { type Batch, rowCount } from "../model/batch.ts";
import { messageOf } from "../model/errors.ts";
import { checkNames } from "../plan_policy/slot.ts";

/** Compares a batch with what a backend can do; says all that is wrong, not only the first. */
export function validateBatch(batch: Batch, capabilities: BackendCapabilities): ValidationResult {
  const { shape } = batch;
  const faults: string[] = [];
  if (!capabilities.modes.includes(shape.mode)) {
    faults.push(`Mode ${shape.mode} is not one of ${capabilities.modes.join(", ")}`);
  }
  if (shape.columns.length === 0) faults.push("A batch needs at least one column");
  if (shape.mode === "upsert" && !shape.columns.some((c) => c.key)) {
    faults.push("An upsert needs a key");
  }
  if (rowCount(batch) > capabilities.batchRowsMax) {
    faults.push(
      `${rowCount(batch)} rows are more than the ${capabilities.batchRowsMax} of one batch`,
    );
  }
  if (batch.bytes.length > capabilities.batchBytesMax && rowCount(batch) > 1) {
    faults.push(
      `${batch.bytes.length} bytes are more than the ${capabilities.batchBytesMax} of one batch`,
    );
  }
  try {
    checkNames(shape.table, shape.columns.map((c) => c.name), capabilities.identifierBytesMax);
  } catch (error) {
    faults.push(messageOf(error));
  }
  return { valid: faults.length === 0, faults };
}

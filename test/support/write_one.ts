/** Writes one batch through a driver's connection, and nothing else at the same time. */
import type { KeepRejects, WriteResult } from "../../src/model/backend.ts";
import type { Batch } from "../../src/model/batch.ts";
import type { BatchOrder, Connection } from "../../host/drivers/driver.ts";

/** By default no row may be left out, and nobody keeps those that are. */
export interface WriteOneOptions extends Partial<BatchOrder> {
  readonly keep?: KeepRejects;
}

/** What became of the batch. */
export async function writeOne(
  connection: Connection,
  batch: Batch,
  options: WriteOneOptions = {},
): Promise<WriteResult> {
  const { rejectsMax = 0, alone = true, kept = false, keep = () => Promise.resolve() } = options;
  const prepared = connection.prepareBatch(batch, { rejectsMax, alone, kept });
  return (await prepared.write(keep)).result;
}

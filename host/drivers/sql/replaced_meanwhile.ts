/** A replace whose shadow table another load of the same source has removed, since it has begun it again. */
import { tableLabel } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import type { HostTables } from "./host_tables.ts";

/** The table is being replaced, or was, by another load of the same source. */
export class ReplacedMeanwhile extends LoadError {
  /** Says what has happened, and what can be done. */
  constructor({ table, endpoint }: HostTables) {
    super(
      `Another load of the same source has begun to replace table ${tableLabel(table)} of ` +
        `${endpoint} meanwhile, and this one has ended without a change of the table. Let the other ` +
        "one end; the same command again replaces the table once more",
      { code: "table_changed", blame: "database" },
    );
  }
}

/**
 * Why a replace has failed, where its row in the ledger says that another load has ended it; undefined
 * where it does not, or cannot be read. Outside of a transaction. Never throws.
 */
export async function replacedMeanwhile(
  host: HostTables,
  { order, record }: { readonly order: LoadOrder; readonly record: LoadRecord | undefined },
): Promise<ReplacedMeanwhile | undefined> {
  if (order.shape.mode !== "replace" || !record) return undefined;
  try {
    const [row] = await host.all`SELECT state FROM ${host.load} WHERE id = ${record.id}`;
    return row?.[0] === "failed" ? new ReplacedMeanwhile(host) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Stands for the ledger where it is measured what its rows cost: no batch has one, and in the end they
 * are said to have been there.
 */
import type { RowCounts } from "../../../src/backend.ts";
import { leftOut, tellLeftOut } from "./left_out.ts";
import type { Statement } from "../../../host/drivers/sql/session.ts";

export * from "../../../host/drivers/sql/ledger.ts";

/** Writes nothing. */
export function batchStatement(): Statement {
  leftOut.ledgerRows++;
  return { sql: "SELECT 1", args: [], repeats: true };
}

/** What the benchmark knows that it loads. */
export function ledgerTotals(): Promise<RowCounts> {
  tellLeftOut();
  const rows = Number(Deno.env.get("SNAKEPIPE_BENCH_ROWS"));
  return Promise.resolve({ read: rows, committed: rows, superseded: 0, rejected: 0 });
}

/**
 * Stands for the ledger of the Postgres driver where it is measured what its rows cost: no batch has
 * one, and in the end they are said to have been there.
 */
import type { RowCounts } from "../../../src/backend.ts";
import { leftOut, tellLeftOut } from "./left_out.ts";
import type { Answer } from "../../../host/drivers/postgres/session.ts";

export * from "../../../host/drivers/postgres/ledger.ts";

/** Adds nothing. */
export function insertBatch(): Promise<Answer> {
  leftOut.ledgerRows++;
  return Promise.resolve({ command: "INSERT", count: 1, rows: [] });
}

/** What the benchmark knows that it loads. */
export function ledgerTotals(): Promise<RowCounts> {
  tellLeftOut();
  const rows = Number(Deno.env.get("SNAKEPIPE_BENCH_ROWS"));
  return Promise.resolve({ read: rows, committed: rows, superseded: 0, rejected: 0 });
}

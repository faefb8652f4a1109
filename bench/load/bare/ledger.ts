/**
 * Stands for the ledger where it is measured what its rows cost: no batch has one, and in the end they
 * are said to have been there.
 */
import type { RowCounts } from "../../../src/model/backend.ts";
import type { Batch } from "../../../src/model/batch.ts";
import type { LoadRecord } from "../../../host/drivers/driver.ts";
import type { HostTables } from "../../../host/drivers/sql/host_tables.ts";
import type { Closing } from "../../../host/drivers/sql/ledger.ts";
import type { Statement } from "../../../host/drivers/sql/session.ts";
import { leftOut, tellLeftOut } from "./left_out.ts";

export * from "../../../host/drivers/sql/ledger.ts";

/** Writes nothing. */
export function batchStatement(): Statement {
  leftOut.ledgerRows++;
  return { sql: "SELECT 1", args: [], repeats: true };
}

/** The same, of a range. */
export function rangeStatement(): Statement {
  leftOut.ranges++;
  return batchStatement();
}

/** Looks at the target, which is no part of the ledger, and writes nothing. */
export function closingStatements(host: HostTables, _: Batch, { table }: Closing): Statement[] {
  return [{ ...host.statement`SELECT ${table}, NULL`, repeats: true }];
}

/** What the benchmark knows that it loads; nobody else does. */
export function ledgerTotals(
  _host: HostTables,
  _record: LoadRecord,
  run?: string,
): Promise<RowCounts> {
  if (run === undefined) tellLeftOut();
  const rows = Number(Deno.env.get("SNAKEPIPE_BENCH_ROWS"));
  return Promise.resolve({ read: rows, committed: rows, superseded: 0, rejected: 0 });
}

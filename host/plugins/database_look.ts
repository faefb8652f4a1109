/** What is asked of a database that no load is about to write to. */
import type { Finding } from "../../src/model/finding.ts";
import type { PastLoad, PastLoadsQuestion } from "../../src/model/past_load.ts";
import { type PoolShare, withLease } from "../connections/manager.ts";
import type { PlannedBy } from "./planned_load.ts";

/** What a load needs of the database that connections are with. @throws {LoadError} */
export async function examined(
  { first, request: { driver, config } }: {
    readonly first: PoolShare;
    readonly request: Pick<PlannedBy, "driver" | "config">;
  },
): Promise<readonly Finding[]> {
  return await withLease(first, async ({ connection }) => {
    return await driver.examine?.(connection, config) ?? [];
  });
}

/** The newest loads that the ledgers behind a pool have. @throws {LoadError} */
export async function pastLoadsBy(
  share: PoolShare,
  question: PastLoadsQuestion,
): Promise<readonly PastLoad[]> {
  return await withLease(share, async ({ connection }) => {
    return await connection.pastLoads?.(question) ?? [];
  });
}

/** Whether a load's target is empty. */
import type { HostTables } from "./host_tables.ts";

/** Looks for a row; where rows may be hidden from this session, goes by what it can see otherwise. */
export async function isEmpty(host: HostTables): Promise<boolean> {
  const { session, family } = host;
  if (await family.seesRows?.(session, host) === false) {
    return await family.seemsEmpty?.(session, host) ?? false;
  }
  return (await host.all`SELECT 1 FROM ${host.target} LIMIT 1`).length === 0;
}

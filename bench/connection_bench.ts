/** Taking a warm connection and giving it back. */
import { ConnectionManager } from "../mod.ts";
import type { BenchCase, BenchSuite } from "./harness.ts";
import { connectionRequest } from "./connection_request.ts";
import type { BenchPlace } from "./place.ts";
import { plainPostgres } from "./plain_client.ts";

const CALLS = 50;

/** Through the manager, from the pool, and from the pool of postgres.js. */
export async function connectionSuite(place: BenchPlace): Promise<BenchSuite> {
  const url = await place.newDatabase();
  const sql = plainPostgres(url);
  await sql.unsafe("SELECT 1");
  const cases: BenchCase[] = [{
    name: "postgres.js: reserve and release",
    calls: CALLS,
    run: async () => (await sql.reserve()).release(),
  }];
  const manager = new ConnectionManager();
  cases.push(...await casesOf(manager, "postgresql", url));
  cases.push(...await casesOf(manager, "libsql", place.newFile()));
  return {
    name: "connection",
    title: "Acquisition of a warm connection",
    cases,
    close: async () => {
      await manager.close();
      await sql.end();
    },
  };
}

async function casesOf(
  manager: ConnectionManager,
  type: string,
  url: string,
): Promise<BenchCase[]> {
  const request = await connectionRequest(type, url);
  // Somebody holds a share, as a backend does: the pool stays, and is warm.
  const { pool } = manager.share(request);
  await (await pool.lease()).release();
  const common = {
    calls: CALLS,
    baseline: "postgres.js: reserve and release",
    goal: { kind: "time", msMax: 0.05 },
  } as const;
  return [
    {
      ...common,
      name: `${type}: getConnection and release`,
      run: async () => await (await manager.getConnection(request)).release(),
    },
    {
      ...common,
      name: `${type}: lease of the pool and release`,
      run: async () => await (await pool.lease()).release(),
    },
  ];
}

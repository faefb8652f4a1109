/** From settings to a backend that is connected, against the client and one query by hand. */
import type { DatabaseBackend } from "../mod.ts";
import type { BenchCase, BenchSuite } from "./harness.ts";
import type { BenchPlace } from "./place.ts";
import { plainLibsql, plainPostgres } from "./plain_client.ts";

/** Both families; what is opened is closed again outside of the measured time. */
export async function backendCreationSuite(place: BenchPlace): Promise<BenchSuite> {
  const file = place.newFile();
  plainLibsql(file).close();
  const url = await place.newDatabase();
  return {
    name: "backend_creation",
    title: "Creation of a backend, including its connection",
    cases: [
      byHand("libsql: by hand, with one query", () => {
        const database = plainLibsql(file);
        database.prepare("SELECT count(*) FROM sqlite_schema").all();
        return () => database.close();
      }),
      byHost(place, { type: "libsql", url: file, msMax: 1 }),
      byHand("postgresql: by hand, with one query", async () => {
        const sql = plainPostgres(url);
        await sql.unsafe("SELECT 1");
        return () => sql.end();
      }),
      byHost(place, { type: "postgresql", url, msMax: 8 }),
      byHost(place, {
        type: "postgresql",
        url: place.throughSocket(url),
        msMax: 8,
        how: " through a Unix socket",
      }),
    ],
  };
}

type Close = () => Promise<void> | void;

function byHand(name: string, open: () => Promise<Close> | Close): BenchCase {
  let close: Close = () => {};
  return { name, run: async () => close = await open(), after: () => close() };
}

function byHost(
  { host }: BenchPlace,
  { type, url, msMax, how = "" }: { type: string; url: string; msMax: number; how?: string },
): BenchCase {
  let backend: DatabaseBackend | undefined;
  return {
    name: `${type}: created and connected${how}`,
    baseline: `${type}: by hand, with one query`,
    goal: { kind: "time", msMax },
    run: async () => backend = await host.createBackend(type, { url }),
    after: () => backend?.close(),
  };
}

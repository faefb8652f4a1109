/** A PGlite in memory behind its socket server, in a process of its own. */
import { fromFileUrl, join } from "@std/path";
import { environment } from "../environment.ts";
import { plainPostgres } from "../plain_client.ts";
import type { Place } from "./competitor.ts";
import { type ProcessUse, treeUse } from "./cpu_time.ts";
import { type Dataset, tableStatements } from "./dataset.ts";
import type { DatasetFiles } from "./dataset_files.ts";
import { tableChecksum, tableCount } from "./postgres_target.ts";
import type { LoadTarget } from "./target.ts";

const SERVER = fromFileUrl(
  new URL("../../test/families/postgres/pglite_server.ts", import.meta.url),
);
const PORT = 5432;

/** Starts the server. */
export async function startPgliteTarget(): Promise<LoadTarget> {
  const folder = await Deno.makeTempDir({ prefix: "snakepipe_" });
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", SERVER, join(folder, `.s.PGSQL.${PORT}`)],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = server.stdout.getReader();
  const { done } = await reader.read();
  if (done) throw new Error("PGlite's server did not start");
  await reader.cancel();
  const { versions } = await environment();
  return new PgliteTarget(folder, server, `PGlite ${versions["@electric-sql/pglite"]}`);
}

class PgliteTarget implements LoadTarget {
  readonly database = "pglite";
  readonly place: Place;
  readonly version: string;
  readonly #folder: string;
  readonly #server: Deno.ChildProcess;

  constructor(folder: string, server: Deno.ChildProcess, version: string) {
    this.#folder = folder;
    this.version = version;
    this.#server = server;
    const [user, database] = ["postgres", "postgres"];
    this.place = {
      kind: "postgres",
      postgres: { host: folder, port: PORT, user, database },
      url: `postgres://${user}@/${database}?host=${folder}&port=${PORT}`,
    };
  }

  /** A session of its own each time: there is one, and the competitors want it. */
  fresh({ dataset }: DatasetFiles): Promise<void> {
    return this.#asked(async (sql) => {
      await sql.unsafe(`DROP TABLE IF EXISTS ${dataset.name}`);
      for (const statement of tableStatements(dataset, "postgres")) await sql.unsafe(statement);
    });
  }

  count(dataset: Dataset): Promise<number> {
    return this.#asked((sql) => tableCount(sql, dataset));
  }

  checksum(dataset: Dataset): Promise<string> {
    return this.#asked((sql) => tableChecksum(sql, dataset));
  }

  serverUse(): ProcessUse | undefined {
    return treeUse(this.#server.pid);
  }

  async close(): Promise<void> {
    this.#server.kill("SIGKILL");
    await this.#server.status;
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #asked<T>(act: (sql: ReturnType<typeof plainPostgres>) => Promise<T>): Promise<T> {
    if (this.place.kind !== "postgres") throw new Error(`No server: ${this.place.kind}`);
    const sql = plainPostgres(this.place.url);
    try {
      return await act(sql);
    } finally {
      await sql.end();
    }
  }
}

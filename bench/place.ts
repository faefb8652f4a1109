import { fromFileUrl, join } from "@std/path";
import postgres from "postgres";
import { createHost, type Host } from "../mod.ts";
import { buildCodec } from "../tools/build_codec.ts";
import { buildPlugins } from "../tools/build_plugins.ts";
import { startPostgres } from "../test/support/postgres_server.ts";

const PLUGINS = fromFileUrl(new URL("../plugins/dist", import.meta.url));

/**
 * Where the benches run: a host, a PostgreSQL server and a folder; all of it goes again afterwards.
 */
export interface BenchPlace {
  readonly host: Host;
  /** For files. */
  readonly folder: string;
  /** Creates an empty PostgreSQL database and gives its URL: TCP, with the password. */
  newDatabase(): Promise<string>;
  /** The same database through the Unix socket, where no password is asked for. */
  throughSocket(url: string): string;
  /** Gives the URL of a libSQL file that is not there yet. */
  newFile(): string;
}

/** The bytes of a plugin. */
export function pluginBytes(name: string): Promise<Uint8Array> {
  return Deno.readFile(join(PLUGINS, `${name}.wasm`));
}

/** Sets everything up, and clears it away whatever happens. */
export async function withPlace<T>(act: (place: BenchPlace) => Promise<T>): Promise<T> {
  await buildPlugins();
  await buildCodec();
  const folder = await Deno.makeTempDir({ prefix: "snakepipe_bench_" });
  try {
    await using server = await startPostgres();
    await using host = await createHost({ plugins: PLUGINS });
    let made = 0;
    return await act({
      host,
      folder,
      newDatabase: async () => {
        const name = `bench_${++made}`;
        const sql = postgres(server.superuserUrl, { max: 1, onnotice: () => {} });
        try {
          await sql.unsafe(`CREATE DATABASE ${name}`);
        } finally {
          await sql.end();
        }
        return server.url(name);
      },
      throughSocket: (url) => server.socketUrl(new URL(url).pathname.slice(1)),
      newFile: () => `libsql:${join(folder, `bench_${++made}.db`)}`,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

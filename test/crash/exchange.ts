/** The import map by which the program runs with its driver's session exchanged for a counting one. */
import { fromFileUrl, join, toFileUrl } from "@std/path";
import type { Family } from "./place.ts";

/** The folder of the project. */
export const ROOT: string = fromFileUrl(new URL("../..", import.meta.url));

const EXCHANGED: Readonly<Record<Family, Readonly<Record<string, string>>>> = {
  postgres: {
    "host/drivers/postgres/session.ts": "postgres_session.ts",
    "host/drivers/postgres/socket.ts": "postgres_socket.ts",
  },
  libsql: { "host/drivers/libsql/sqlite.ts": "libsql_sqlite.ts" },
};

/** Writes it into a folder and returns its path. The new modules still see the old ones. */
export async function writeImportMap(folder: string, family: Family): Promise<string> {
  const { imports } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json"))) as {
    imports: Record<string, string>;
  };
  const own = (path: string) => toFileUrl(join(ROOT, path)).href;
  const entries = Object.entries(EXCHANGED[family]);
  const exchanged = entries.map(([from, to]) => [own(from), own(`test/crash/exchanged/${to}`)]);
  const kept = entries.map(([from]) => [own(from), own(from)]);
  const path = join(folder, `exchanged_${family}.json`);
  await Deno.writeTextFile(
    path,
    JSON.stringify({
      imports: { ...imports, ...Object.fromEntries(exchanged) },
      scopes: { [own("test/crash/exchanged/")]: Object.fromEntries(kept) },
    }),
  );
  return path;
}

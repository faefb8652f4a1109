/** PGlite: PostgreSQL in WebAssembly, behind its socket server, which takes one session at a time and no COPY. */
import { fromFileUrl, join } from "@std/path";
import type { ReadRow, TestVariant } from "../family.ts";

const SERVER = fromFileUrl(new URL("./pglite_server.ts", import.meta.url));

/** See {@linkcode TestVariant}. */
export const PGLITE: TestVariant = {
  name: "PGlite",
  column: true,
  async withDatabase(act) {
    const folder = await Deno.makeTempDir({ prefix: "snakepipe_" });
    try {
      const server = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", SERVER, join(folder, ".s.PGSQL.5432")],
        stdout: "piped",
        stderr: "inherit",
      }).spawn();
      const reader = server.stdout.getReader();
      try {
        if ((await reader.read()).done) throw new Error("PGlite has ended before it was ready");
        await act({
          config: {
            url: `postgres://postgres@/postgres?host=${folder}`,
            bulk: "insert",
            poolSize: 1,
          },
          execute: async (sql) => void await ask(folder, sql),
          query: (sql) => ask(folder, sql),
        });
      } finally {
        await reader.cancel();
        server.kill("SIGKILL");
        await server.status;
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
  quirks: {
    "keys: keys that are equal in any case are one": {
      is: { loads: ["2 committed", "3 committed"], rows: [["2"], ["3"], ["4"], ["5"]] },
      why: "It has no ICU, and so no text that is equal in any case",
    },
  },
};

async function ask(folder: string, query: string): Promise<ReadRow[]> {
  const { default: postgres } = await import("postgres");
  const sql = postgres({
    ...{ host: folder, username: "postgres", database: "postgres", max: 1, fetch_types: false },
    onnotice: () => {},
  });
  try {
    return [...await sql.unsafe(query)] as unknown as ReadRow[];
  } finally {
    await sql.end();
  }
}

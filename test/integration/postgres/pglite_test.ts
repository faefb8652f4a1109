/**
 * PGlite through its socket server: a server of the postgres family with one connection and without
 * COPY. The plugin `postgresql` loads into it as it is, by the setting `bulk`.
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import postgres from "postgres";
import { type DatabaseBackend, type Host, type LoadOptions, ndjson } from "../../../mod.ts";
import { openHost, withFolder } from "../../support/target.ts";

const SERVER = fromFileUrl(new URL("./pglite_server.ts", import.meta.url));

type Sql = ReturnType<typeof postgres>;

Deno.test("PGlite is loaded by INSERT: all modes, rejects, optional fields, and nothing twice", async (t) => {
  await withServer(async (folder) => {
    await readBack(folder, "CREATE TABLE t (id bigint PRIMARY KEY, name text, at date)");
    await using host = await openHost();
    const backend = await host.createBackend("postgresql", {
      url: `postgres://postgres@/postgres?host=${folder}`,
      bulk: "insert",
      poolSize: 1,
    });
    const load = (lines: readonly string[], options: Partial<LoadOptions>) =>
      loadLines({ host, backend, folder }, lines, options);
    const read = (query: string) => readBack(folder, query);

    await t.step("an append, its rejects left out, and the same again", async () => {
      const lines = [
        ...Array.from({ length: 2_000 }, (_, id) => `{"id":${id},"name":"n${id}","at":null}`),
        '{"id":7,"name":"twice","at":null}',
        '{"id":"no number","name":"x","at":null}',
        '{"id":2001,"name":"tab\\t, 😀 and \\"","at":"2024-02-29"}',
      ];
      const options: Partial<LoadOptions> = {
        mode: "append",
        key: ["id"],
        maxRejects: { kind: "count", rowsMax: 2 },
        rejectTable: true,
      };
      const report = await load(lines, options);
      assertEquals([report.committed, report.rejected], [2_001, 2]);
      const again = await load(lines, options);
      assertEquals([again.committed, again.skipped], [0, 2_003]);
      assertEquals(await read("SELECT count(*)::int AS n, sum(id)::int AS ids FROM t"), [
        { n: 2_001, ids: 1999 * 1000 + 2001 },
      ]);
      assertEquals(
        await read("SELECT ordinal::int, code FROM _snakepipe_reject ORDER BY ordinal"),
        [
          { ordinal: 2_000, code: "integrity" },
          { ordinal: 2_001, code: "type" },
        ],
      );
      assertEquals(await read("SELECT name, at::text FROM t WHERE id = 2001"), [
        { name: 'tab\t, 😀 and "', at: "2024-02-29" },
      ]);
    });

    await t.step("an upsert, staged with ordinals, of rows that lack fields", async () => {
      const lines = [
        '{"id":1,"name":"first"}',
        '{"id":1,"at":"2024-01-01"}',
        '{"id":3000,"name":"new","at":null}',
        '{"id":1,"name":"last"}',
      ];
      const report = await load(lines, { mode: "upsert", key: ["id"] });
      assertEquals([report.committed, report.superseded], [2, 2]);
      assertEquals(await read("SELECT id::int, name, at::text FROM t WHERE id IN (1, 3000)"), [
        { id: 1, name: "last", at: "2024-01-01" },
        { id: 3000, name: "new", at: null },
      ]);
    });

    await t.step("a replace", async () => {
      const lines = ['{"id":5,"name":"five","at":null}', '{"id":6,"name":"six","at":null}'];
      const report = await load(lines, { mode: "replace", key: ["id"] });
      assertEquals(report.committed, 2);
      assertEquals(await read("SELECT id::int, name FROM t ORDER BY id"), [
        { id: 5, name: "five" },
        { id: 6, name: "six" },
      ]);
    });
  });
});

async function loadLines(
  { host, backend, folder }: {
    readonly host: Host;
    readonly backend: DatabaseBackend;
    readonly folder: string;
  },
  lines: readonly string[],
  options: Partial<LoadOptions>,
) {
  const file = join(folder, `${options.mode}.ndjson`);
  await Deno.writeTextFile(file, lines.map((line) => `${line}\n`).join(""));
  return await host.load(ndjson(file), backend, {
    mode: "append",
    table: "t",
    connections: 1,
    ...options,
  });
}

/** Asks by a client of its own, which shares no code with the driver. */
async function readBack(folder: string, query: string): Promise<Record<string, unknown>[]> {
  const sql: Sql = postgres({
    host: folder,
    username: "postgres",
    database: "postgres",
    max: 1,
    fetch_types: false,
  });
  try {
    return [...await sql.unsafe(query)].map((row) => ({ ...row }));
  } finally {
    await sql.end();
  }
}

async function withServer(act: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const server = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", SERVER, join(folder, ".s.PGSQL.5432")],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    try {
      const reader = server.stdout.getReader();
      const { value } = await reader.read();
      assertEquals(new TextDecoder().decode(value), "ready\n");
      await act(folder);
      await reader.cancel();
    } finally {
      server.kill("SIGKILL");
      await server.status;
    }
  });
}

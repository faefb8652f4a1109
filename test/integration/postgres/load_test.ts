/** A load through one connection: what stands in the database afterwards. */
import { assert, assertEquals, assertObjectMatch } from "@std/assert";
import { withDatabase } from "../../support/postgres_database.ts";
import {
  batch,
  connected,
  eachWay,
  load,
  NODES,
  NODES_DDL,
  order,
  planOf,
  refused,
  shape,
} from "./fixture.ts";
import { writeOne } from "../../support/write_one.ts";

eachWay(
  "load and ledger rows say what was loaded",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        const o = order(shape("append"), planOf("append", NODES_DDL));
        await load(connection, o, [NODES, [{ id: 4, name: "d" }]]);
        const [loadRow] = await sql`SELECT * FROM _snakepipe_load`;
        assertObjectMatch(loadRow!, {
          table_name: "nodes",
          source: "nodes.ndjson",
          generation: "1",
          state: "complete",
          mode: "append",
          columns: [
            { name: "id", type: "int64", nullable: false, key: true },
            { name: "name", type: "text", nullable: true, key: false },
          ],
          batch_rows_max: "50000",
          batch_bytes_max: "16777216",
          rows_committed: "4",
          plugin_name: "postgresql",
          plugin_version: "1.0.0",
          plugin_sha256: "a".repeat(64),
          plan_hash: "p".repeat(64),
        });
        assert(loadRow!.finished_at >= loadRow!.started_at);
        const rows = await sql`SELECT * FROM _snakepipe_batch ORDER BY sequence`;
        assertEquals(rows.length, 2);
        assertObjectMatch(rows[1]!, {
          load_id: loadRow!.id,
          sequence: "1",
          ordinal_first: "3",
          rows_read: "1",
          committed: "1",
          superseded: "0",
          rejected: "0",
          part: "nodes.ndjson",
          byte_first: "1000000",
          byte_end: "1000020",
          plan_hash: "p".repeat(64),
          plugin_sha256: "a".repeat(64),
        });
        assert(/^[0-9a-f]{16}$/.test(rows[1]!.content_hash));
      })
    ),
);

eachWay(
  "generation counts the loads of a source into a table",
  (bulk) =>
    withDatabase((url) =>
      connected({ url, bulk }, async (connection) => {
        const generation = async (source: string, table = "nodes") =>
          (await connection.prepareLoad({
            ...order(shape("append", undefined, table), planOf("append", NODES_DDL), source),
            fresh: true,
          })).record.generation;
        assertEquals([await generation("a"), await generation("a")], [1, 2]);
        assertEquals([await generation("b"), await generation("a", "other")], [1, 1]);
        assertEquals(await generation("a\0\u{D800}"), 1);
      })
    ),
);

for (
  const [what, fresh, expected] of [
    ["all begin, where they are fresh", true, [1, 2, 3, 4, 5, 6, 7, 8]],
    ["are one load, where they are not fresh", false, [1, 1, 1, 1, 1, 1, 1, 1]],
  ] as const
) {
  eachWay(
    `loads that begin at the same moment in an empty database ${what}`,
    (bulk) =>
      withDatabase(async (url) => {
        const o = { ...order(shape("append"), planOf("append", NODES_DDL)), fresh };
        const generations: number[] = [];
        await Promise.all(
          Array.from({ length: 8 }, () =>
            connected({ url, bulk }, async (connection) => {
              generations.push((await connection.prepareLoad(o)).record.generation);
            })),
        );
        assertEquals(generations.sort(), [...expected]);
      }),
  );
}

eachWay(
  "replace swaps the rows and keeps what hangs on the table",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        await sql.unsafe(`CREATE TABLE nodes (${NODES_DDL});
        INSERT INTO nodes VALUES (99, 'old');
        CREATE VIEW names AS SELECT name FROM nodes;
        CREATE INDEX by_name ON nodes (name);`);
        const o = order(shape("replace"), planOf("replace", NODES_DDL));
        const { record: l } = await connection.prepareLoad(o);
        await connection.joinLoad(o, l);
        assertEquals((await writeOne(connection, batch(o.shape, NODES))).kind, "written");
        assertEquals((await sql`SELECT id::int FROM nodes`).map((r) => r.id), [99]);
        const counts = { read: 3, committed: 3, superseded: 0, rejected: 0 };
        const error = await refused(
          connection.finishLoad(o, l, { ...counts, committed: 4 }),
        );
        assertEquals(error.code, "counts_differ");
        assertEquals((await sql`SELECT id::int FROM nodes`).map((r) => r.id), [99]);
        assertEquals((await sql`SELECT state FROM _snakepipe_load`)[0]!.state, "running");
        await connection.finishLoad(o, l, counts);
        assertEquals((await sql`SELECT name FROM names ORDER BY name`).map((r) => r.name), [
          "a",
          "b",
          null,
        ]);
        const left = await sql`SELECT 1 FROM pg_class WHERE relname LIKE '\\_snakepipe\\_aside%'`;
        assertEquals(left.length, 0);
      })
    ),
);

eachWay(
  "finish refuses a replace whose rows have changed aside",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        const o = order(shape("replace"), planOf("replace", NODES_DDL));
        const { record: l } = await connection.prepareLoad(o);
        await connection.joinLoad(o, l);
        await writeOne(connection, batch(o.shape, NODES));
        const [{ relname }] =
          await sql`SELECT relname FROM pg_class WHERE relname LIKE '\\_snakepipe\\_aside%'` as unknown as [
            { relname: string },
          ];
        await sql.unsafe(`DELETE FROM ${relname} WHERE id = 1`);
        const totals = { read: 3, committed: 3, superseded: 0, rejected: 0 };
        assertEquals((await refused(connection.finishLoad(o, l, totals))).code, "counts_differ");
      })
    ),
);

eachWay(
  "finish refuses a statement that inserts another number of rows",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        const plan = planOf("replace", NODES_DDL);
        const finish = [
          plan.finish[0]!,
          "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside} LIMIT 2",
        ];
        const o = order(shape("replace"), { ...plan, finish });
        const results = refused(load(connection, o, [NODES]));
        assertEquals((await results).code, "counts_differ");
        assertEquals((await sql`SELECT * FROM nodes`).length, 0);
      })
    ),
);

eachWay(
  "abandon marks the load as failed and removes the shadow table, but no complete load",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        const o = order(shape("replace"), planOf("replace", NODES_DDL));
        const { record: l } = await connection.prepareLoad(o);
        await connection.joinLoad(o, l);
        await writeOne(connection, batch(o.shape, NODES));
        await connection.abandonLoad(o, l);
        assertObjectMatch((await sql`SELECT * FROM _snakepipe_load`)[0]!, {
          state: "failed",
          rows_committed: "3",
        });
        const left = await sql`SELECT 1 FROM pg_class WHERE relname LIKE '\\_snakepipe\\_aside%'`;
        assertEquals(left.length, 0);
        const append = order(shape("append"), planOf("append", NODES_DDL));
        const { record: done } = await connection.prepareLoad(append);
        await connection.finishLoad(append, done, {
          read: 0,
          committed: 0,
          superseded: 0,
          rejected: 0,
        });
        await connection.abandonLoad(append, done);
        const states = await sql`SELECT state FROM _snakepipe_load WHERE id = ${done.id}`;
        assertEquals(states[0]!.state, "complete");
      })
    ),
);

/** A load through one connection: what stands in the database afterwards. */
import { assert, assertEquals, assertObjectMatch } from "@std/assert";
import { withDatabase } from "../../support/postgres_database.ts";
import {
  batch,
  column,
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
  "append writes rows that read back equal",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        const columns = [
          column("id!", "int64"),
          column("text?", "text"),
          column("json?", "json"),
          column("decimal?", "decimal"),
          column("float?", "float64"),
          column("flag?", "boolean"),
          column("bytes?", "bytes"),
          column("at?", "timestamptz"),
        ];
        const ddl = 'id bigint, "text" text, "json" jsonb, "decimal" numeric, "float" float8, ' +
          '"flag" boolean, "bytes" bytea, "at" timestamptz';
        const text = "tab\tline\nreturn\rback\\slash \"quote\" 'single' 😀 \\N \\. end";
        const o = order(shape("append", columns), planOf("append", ddl));
        const records = [
          `{"id":9007199254740993,"text":${JSON.stringify(text)},"json":{"a":[1,{"b":null}]},` +
          `"decimal":12345678901234567890.123456789,"float":0.1,"flag":true,"bytes":"\\\\x0001ff",` +
          `"at":"2024-02-03T04:05:06.123456Z"}`,
          { id: -1 },
        ];
        const [result] = await load(connection, o, [records]);
        assertObjectMatch(result!, {
          kind: "written",
          counts: { read: 2, committed: 2, superseded: 0, rejected: 0 },
        });
        const rows = await sql`SELECT id::text, text, json::text, decimal::text, float::text,
        flag, encode(bytes, 'hex') AS bytes, (at AT TIME ZONE 'UTC')::text AS at
        FROM nodes ORDER BY id DESC`;
        assertEquals({ ...rows[0] }, {
          id: "9007199254740993",
          text,
          json: '{"a": [1, {"b": null}]}',
          decimal: "12345678901234567890.123456789",
          float: "0.1",
          flag: true,
          bytes: "0001ff",
          at: "2024-02-03 04:05:06.123456",
        });
        assertEquals({ ...rows[1] }, {
          id: "-1",
          text: null,
          json: null,
          decimal: null,
          float: null,
          flag: null,
          bytes: null,
          at: null,
        });
      })
    ),
);

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
  "upsert merges on the key, the last row of a batch wins",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        const o = order(shape("upsert"), planOf("upsert", NODES_DDL));
        const results = await load(connection, o, [
          [{ id: 1, name: "first" }, { id: 2, name: "b" }, { id: 1, name: "second" }],
          [{ id: 2, name: "later" }, { id: 3, name: "c" }],
        ]);
        assertObjectMatch(results[0]!, {
          counts: { read: 3, committed: 2, superseded: 1, rejected: 0 },
        });
        assertObjectMatch(results[1]!, { counts: { committed: 2, superseded: 0 } });
        assertEquals(
          (await sql`SELECT id::int, name FROM nodes ORDER BY id`).map((r) => ({ ...r })),
          [
            { id: 1, name: "second" },
            { id: 2, name: "later" },
            { id: 3, name: "c" },
          ],
        );
        const ledger =
          await sql`SELECT committed, superseded FROM _snakepipe_batch ORDER BY sequence`;
        assertEquals(ledger.map((r) => [r.committed, r.superseded]), [["2", "1"], ["2", "0"]]);
      })
    ),
);

eachWay(
  "a connection serves one load after another with staging of its own",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        await load(connection, order(shape("upsert"), planOf("upsert", NODES_DDL)), [NODES]);
        const other = shape("upsert", [column("k!", "text"), column("v?", "json")], "other");
        const o = order(other, planOf("upsert", "k text PRIMARY KEY, v jsonb"));
        await load(connection, o, [[{ k: "x", v: [1] }]]);
        assertEquals((await sql`SELECT v FROM other`)[0]!.v, [1]);
      })
    ),
);

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
  "abandon marks the load as failed and removes what is aside, but no complete load",
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

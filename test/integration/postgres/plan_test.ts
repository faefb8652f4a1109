/** How a plan is filled and followed: names, schemas, and values that are bound. */
import { assertEquals, assertObjectMatch } from "@std/assert";
import { withDatabase } from "../../support/postgres_database.ts";
import {
  column,
  connected,
  eachWay,
  load,
  NODES,
  NODES_DDL,
  ofKind,
  order,
  planOf,
  refused,
  shape,
} from "./fixture.ts";

eachWay(
  "plan binds values as text, in statements of so many rows",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        const columns = [
          column("id!", "int64"),
          column("text?", "text"),
          column("json?", "json"),
          column("float?", "float64"),
          column("flag?", "boolean"),
          column("bytes?", "bytes"),
          column("at?", "timestamptz"),
        ];
        const ddl = 'id bigint, "text" text, "json" jsonb, "float" float8, "flag" boolean, ' +
          '"bytes" bytea, "at" timestamptz';
        const o = order(shape("append", columns), planOf("append", ddl, 2));
        const full = `{"id":9007199254740993,"text":"a'\\"\\\\b","json":{"a":"x"},"float":-0.0,` +
          `"flag":false,"bytes":"\\\\x0001ff","at":"2024-02-03T04:05:06.123456Z"}`;
        const [result] = await load(connection, o, [[full, { id: 1 }, { id: 2, flag: true }]]);
        assertObjectMatch(result!, { kind: "written", counts: { committed: 3 } });
        const rows = await sql`SELECT id::text, text, json->>'a' AS json, float::text, flag::text,
        encode(bytes, 'hex') AS bytes, (at AT TIME ZONE 'UTC')::text AS at
        FROM nodes ORDER BY id DESC`;
        assertEquals(Object.values(rows[0]!), [
          "9007199254740993",
          "a'\"\\b",
          "x",
          "-0",
          "false",
          "0001ff",
          "2024-02-03 04:05:06.123456",
        ]);
        assertEquals(rows.length, 3);
      })
    ),
);

eachWay(
  "plan with more parameters than the protocol takes is cut smaller",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        const records = Array.from({ length: 40_000 }, (_, id) => ({ id, name: "x" }));
        const o = order(shape("append"), planOf("append", NODES_DDL, 65_535));
        const [result] = await load(connection, o, [records]);
        assertObjectMatch(result!, { kind: "written", counts: { committed: 40_000 } });
        assertEquals((await sql`SELECT count(*)::int AS n FROM nodes`)[0]!.n, 40_000);
      })
    ),
);

eachWay(
  "plan keeps nothing of a batch with rows that the codec refuses",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        const o = order(shape("append"), planOf("append", NODES_DDL, 1));
        const [result] = await load(connection, o, [[NODES[0], { id: "x" }, NODES[1], {
          id: "y",
        }]]);
        const outcome = ofKind(result, "reject");
        assertEquals(outcome.rows.map((r) => r.ordinal), [1, 3]);
        assertEquals((await sql`SELECT * FROM nodes`).length, 0);
        assertEquals(connection.usable, true);
      })
    ),
);

eachWay(
  "names stand for themselves, however odd they are",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        const odd = { name: 'Odd "x"; DROP TABLE nodes -- {table} $1', schema: 'My "Schema"' };
        await sql`CREATE SCHEMA ${sql(odd.schema)}`;
        for (const mode of ["append", "upsert", "replace"] as const) {
          const columns = [column('K"ey; --!', "int64"), column("{col:0}$$'?", "text")];
          const s = { ...shape(mode, columns), table: odd };
          const ddl = "{col:0} bigint PRIMARY KEY, {col:1} text";
          const [result] = await load(connection, order(s, planOf(mode, ddl)), [[{
            'K"ey; --': { append: 1, upsert: 1, replace: 2 }[mode],
            "{col:0}$$'": mode,
          }]]);
          assertEquals(result!.kind, "written");
        }
        const rows = await sql`SELECT * FROM ${
          sql.unsafe('"My ""Schema""".' + `"${odd.name.replaceAll('"', '""')}"`)
        }`;
        assertEquals(Object.values(rows[0]!), ["2", "replace"]);
        const hosts = await sql`SELECT nspname FROM pg_class c JOIN pg_namespace n
        ON n.oid = relnamespace WHERE relname = '_snakepipe_load'`;
        assertEquals(hosts.map((r) => r.nspname), [odd.schema]);
      })
    ),
);

eachWay(
  "a table without a schema is the one that the search path finds",
  (bulk) =>
    withDatabase(async (url, sql) => {
      const [{ name }] = await sql`SELECT current_database() AS name` as unknown as [
        { name: string },
      ];
      await sql.unsafe(`CREATE SCHEMA first; CREATE SCHEMA second;
      CREATE TABLE second.nodes (${NODES_DDL}); ALTER DATABASE ${name} SET search_path = first, second`);
      await connected({ url, bulk }, async (connection) => {
        await load(connection, order(shape("append"), planOf("append", NODES_DDL)), [NODES]);
        assertEquals((await sql`SELECT * FROM second.nodes`).length, 3);
        assertEquals((await sql`SELECT * FROM second._snakepipe_load`).length, 1);
        const fresh = shape("append", undefined, "fresh");
        await load(connection, order(fresh, planOf("append", NODES_DDL)), [NODES]);
        assertEquals((await sql`SELECT * FROM first.fresh`).length, 3);
      });
      await sql.unsafe(`ALTER DATABASE ${name} SET search_path = nowhere`);
      await connected({ url, bulk }, async (connection) => {
        const o = order(shape("append"), planOf("append", NODES_DDL));
        assertEquals((await refused(connection.prepareLoad(o))).code, "config_invalid");
      });
    }),
);

eachWay(
  "names of the host's own tables are refused",
  (bulk) =>
    withDatabase((url) =>
      connected({ url, bulk }, async (connection) => {
        for (const name of ["_snakepipe_load", "_SNAKEPIPE_x", "x".repeat(64)]) {
          const o = order(shape("append", undefined, name), planOf("append", NODES_DDL));
          assertEquals((await refused(connection.prepareLoad(o))).code, "name_refused");
        }
      })
    ),
);

Deno.test("a plan that brings another statement along runs none of them, and nothing of it is in a COPY", () =>
  withDatabase((url, sql) =>
    connected({ url }, async (connection) => {
      for (
        const text of [
          "INSERT INTO {table} ({columns}) VALUES {rows}; CREATE TABLE evil ()",
          'COPY {table} FROM STDIN WITH (FORMAT csv, {rows}) -- "',
          'COPY "{table} FROM STDIN {rows}',
          "CREATE TABLE evil (); INSERT INTO {table} ({columns}) VALUES {rows}",
          "COPY {table} ({columns}) FROM STDIN; INSERT INTO {table} ({columns}) VALUES {rows}",
        ]
      ) {
        const plan = planOf("append", NODES_DDL);
        const write = { ...plan.write, sql: text };
        const [result] = await load(connection, order(shape("append"), { ...plan, write }), [
          NODES,
        ]);
        assertEquals(ofKind(result, "fatal").failure.code, "42601");
      }
      const found = await sql`SELECT to_regclass('evil') AS evil, count(*)::int AS n FROM nodes`;
      assertEquals({ ...found[0] }, { evil: null, n: 0 });
    })
  ));

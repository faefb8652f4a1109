/** What stands against a load into a table, told before the first row. */
import { assert, assertEquals, assertObjectMatch, assertStringIncludes } from "@std/assert";
import type { Shape, WriteMode } from "../../../src/model/batch.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { column, connected, load, order, planOf, refused, shape } from "./fixture.ts";
import { writeOne } from "../../support/write_one.ts";
import { batch, ofKind } from "./fixture.ts";
import { withRole } from "./role.ts";

const DDL = "id bigint PRIMARY KEY, name text";
const ROWS = [{ id: 1, name: "new" }, { id: 2, name: "new" }];

/** A load as a plugin would plan it. */
function planned(mode: WriteMode, name = "nodes") {
  return order(shape(mode, undefined, name), planOf(mode, DDL));
}

/** What is said of loads in a mode into `nodes`, once these statements were run; none where it goes on. */
const CASES: readonly (readonly [string, WriteMode, string | undefined])[] = [
  [
    "CREATE TABLE refs (n bigint CONSTRAINT points REFERENCES nodes ON DELETE CASCADE)",
    "replace",
    "while table refs refers to it by the foreign key points",
  ],
  [
    "CREATE TABLE refs (n bigint CONSTRAINT points REFERENCES nodes DEFERRABLE INITIALLY DEFERRED)",
    "replace",
    "while table refs refers to it by the foreign key points",
  ],
  ["CREATE TABLE refs (n bigint REFERENCES nodes)", "append", undefined],
  ["CREATE TABLE refs (n bigint REFERENCES nodes ON DELETE CASCADE)", "upsert", undefined],
  ["ALTER TABLE nodes ADD up bigint REFERENCES nodes", "replace", undefined],
  [
    "CREATE TABLE heir () INHERITS (nodes)",
    "replace",
    "would empty table heir, which inherits from it",
  ],
  ["CREATE TABLE heir () INHERITS (nodes)", "append", undefined],
  [
    "CREATE TRIGGER wiped BEFORE TRUNCATE ON nodes EXECUTE FUNCTION nothing()",
    "replace",
    "would fire the trigger wiped of nodes on TRUNCATE",
  ],
  [
    "CREATE TRIGGER wiped BEFORE TRUNCATE ON nodes EXECUTE FUNCTION nothing(); " +
    "ALTER TABLE nodes DISABLE TRIGGER wiped",
    "replace",
    undefined,
  ],
  [
    "CREATE TABLE elsewhere (LIKE nodes); " +
    "CREATE RULE away AS ON INSERT TO nodes DO INSTEAD INSERT INTO elsewhere VALUES (NEW.*)",
    "replace",
    "has the rule away, which may put rows elsewhere",
  ],
  [
    "CREATE TABLE elsewhere (LIKE nodes); " +
    "CREATE RULE away AS ON INSERT TO nodes DO INSTEAD INSERT INTO elsewhere VALUES (NEW.*)",
    "upsert",
    "has the rule away, which may put rows elsewhere",
  ],
  [
    "CREATE TABLE elsewhere (LIKE nodes); " +
    "CREATE RULE away AS ON INSERT TO nodes DO INSTEAD INSERT INTO elsewhere VALUES (NEW.*)",
    "append",
    undefined,
  ],
  ["CREATE RULE kept AS ON DELETE TO nodes DO INSTEAD NOTHING", "replace", undefined],
];

Deno.test("what would change other tables is refused before the first row, and what would not goes on", async () => {
  for (const [statements, mode, says] of CASES) {
    await withDatabase((url, sql) =>
      connected({ url }, async (connection) => {
        await sql.unsafe(`CREATE TABLE nodes (${DDL}); INSERT INTO nodes VALUES (7, 'old');
          CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$`);
        await sql.unsafe(statements);
        if (says === undefined) {
          await load(connection, planned(mode), [ROWS]);
          const expected = mode === "replace" ? [1, 2] : [1, 2, 7];
          const ids = (await sql`SELECT id::int FROM nodes ORDER BY id`).map(({ id }) => id);
          assertEquals(ids, expected, statements);
          return;
        }
        const error = await refused(connection.prepareLoad(planned(mode)));
        assertObjectMatch(error, { code: "table_refused", blame: "config" }, statements);
        assertStringIncludes(error.message, says);
        assertEquals((await sql`SELECT id::int FROM nodes`).map(({ id }) => id), [7]);
        assertEquals((await sql`SELECT 1 FROM pg_class WHERE relname LIKE '%aside%'`).length, 0);
      })
    );
  }
});

Deno.test("a replace keeps the rows of whoever inherits since it began, and of who refers to it", async () => {
  const since = {
    "CREATE TABLE heir () INHERITS (nodes); INSERT INTO heir VALUES (8, 'kept')": "heir",
    "CREATE TABLE refs (n bigint REFERENCES nodes); INSERT INTO refs VALUES (7)": "refs",
  };
  for (const [statements, table] of Object.entries(since)) {
    await withDatabase((url, sql) =>
      connected({ url }, async (connection) => {
        await sql.unsafe(`CREATE TABLE nodes (${DDL}); INSERT INTO nodes VALUES (7, 'old')`);
        const o = planned("replace");
        const { record } = await connection.prepareLoad(o);
        await connection.joinLoad(o, record);
        await writeOne(connection, batch(o.shape, ROWS));
        await sql.unsafe(statements);
        const counts = { read: 2, committed: 2, superseded: 0, rejected: 0 };
        const error = await refused(connection.finishLoad(o, record, counts));
        assertEquals(error.code, "table_refused");
        assertStringIncludes(error.message, table);
        assertEquals((await sql`SELECT id::int FROM ONLY nodes`).map(({ id }) => id), [7]);
        assertEquals((await sql.unsafe(`SELECT 1 FROM ${table}`)).length, 1);
      })
    );
  }
});

Deno.test("what a replace that was killed left aside is gone after the next", () =>
  withDatabase((url, sql) =>
    connected({ url }, async (connection) => {
      await sql.unsafe(`CREATE TABLE nodes (${DDL}); INSERT INTO nodes VALUES (7, 'old')`);
      const asides = async () =>
        (await sql`SELECT 1 FROM pg_class WHERE relname LIKE '%aside%' AND relkind = 'r'`).length;
      const o = planned("replace");
      await connection.prepareLoad(o);
      assertEquals(await asides(), 1);
      await load(connection, o, [ROWS]);
      assertEquals(await asides(), 0);
    })
  ));

Deno.test("what the user should know of a table is noted, and stops nothing", () =>
  withDatabase((url, sql) =>
    connected({ url }, async (connection) => {
      await sql.unsafe(`CREATE TABLE nodes (${DDL}); CREATE TABLE "NODES" (${DDL});
        CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
        CREATE TRIGGER gone AFTER DELETE ON nodes FOR EACH ROW EXECUTE FUNCTION nothing()`);
      const { notes: replaced } = await connection.prepareLoad(planned("replace"));
      assertEquals(replaced!.length, 1);
      assertStringIncludes(replaced![0]!, "Trigger gone of nodes does not fire");
      assertEquals((await connection.prepareLoad(planned("append"))).notes, undefined);
      const { notes: made } = await connection.prepareLoad(planned("append", "Nodes"));
      assertEquals(made!.map((note) => note.split(" is another than ")[0]), [
        "Table NODES",
        "Table nodes",
      ]);
    })
  ));

Deno.test("a column that every table has already is refused by its name", () =>
  withDatabase((url) =>
    connected({ url }, async (connection) => {
      for (const name of ["ctid", "xmin", "tableoid"]) {
        const columns = [column("id!", "int64"), column(`${name}?`, "text")];
        const o = order(shape("append", columns), planOf("append", DDL));
        const error = await refused(connection.prepareLoad(o));
        assertObjectMatch(error, { code: "name_refused", blame: "config" });
        assertStringIncludes(error.message, `Column ${name} is one that PostgreSQL keeps`);
      }
      const columns = [column("id!", "int64"), column("oid?", "text")];
      const plan = planOf("append", "id bigint PRIMARY KEY, oid text");
      await load(connection, order(shape("append", columns), plan), [[{ id: 1, oid: "x" }]]);
    })
  ));

Deno.test("a partitioned table is replaced with its partitions, and a partition by itself", () =>
  withDatabase((url, sql) =>
    connected({ url }, async (connection) => {
      await sql.unsafe(`CREATE TABLE nodes (${DDL}) PARTITION BY RANGE (id);
        CREATE TABLE low PARTITION OF nodes FOR VALUES FROM (0) TO (100);
        CREATE TABLE high PARTITION OF nodes FOR VALUES FROM (100) TO (200) PARTITION BY RANGE (id);
        CREATE TABLE highest PARTITION OF high FOR VALUES FROM (100) TO (200);
        INSERT INTO nodes VALUES (7, 'old'), (170, 'old')`);
      const ids = async (table: string) =>
        (await sql.unsafe(`SELECT id::int FROM ${table} ORDER BY id`)).map(({ id }) => id);
      await load(connection, planned("replace", "low"), [ROWS]);
      assertEquals(await ids("nodes"), [1, 2, 170]);
      await load(connection, planned("replace"), [[{ id: 3, name: "a" }, { id: 103, name: "b" }]]);
      assertEquals([await ids("low"), await ids("high")], [[3], [103]]);
      await sql.unsafe("CREATE TABLE refs (n bigint CONSTRAINT points REFERENCES nodes)");
      for (const name of ["nodes", "low", "highest"]) {
        const error = await refused(connection.prepareLoad(planned("replace", name)));
        assertStringIncludes(
          error.message,
          "while table refs refers to it by the foreign key points",
        );
      }
    })
  ));

Deno.test("what only looks like a table is named for what it is", () =>
  withDatabase((url, sql) =>
    connected({ url }, async (connection) => {
      await sql.unsafe(`CREATE TABLE there (${DDL}); CREATE VIEW seen AS SELECT * FROM there;
        CREATE MATERIALIZED VIEW kept AS SELECT * FROM there; CREATE SEQUENCE counter;
        CREATE INDEX by_name ON there (name); CREATE TYPE pair AS (a int, b int);
        CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER far FOREIGN DATA WRAPPER nowhere;
        CREATE FOREIGN TABLE remote (id bigint, name text) SERVER far;
        CREATE TABLE parted (${DDL}) PARTITION BY RANGE (id);
        CREATE FOREIGN TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (9) SERVER far`
        .replace(DDL + ") PARTITION", "id bigint, name text) PARTITION"));
      const kinds = {
        seen: "a view: name the table that its rows are in",
        kept: "a materialized view, whose rows come by REFRESH alone",
        counter: "a sequence",
        by_name: "an index",
        pair: "a type",
        remote: "a foreign table, whose rows are committed by another server",
      };
      for (const [name, says] of Object.entries(kinds)) {
        const error = await refused(connection.describeTable({ name }));
        assertObjectMatch(error, { code: "name_refused", blame: "config" });
        assertEquals(error.message.startsWith(`${name} is ${says}`), true, error.message);
      }
      for (const name of ["pg_class", "information_schema.sql_features"]) {
        const [table, schema] = name.split(".").reverse();
        const error = await refused(
          connection.describeTable(schema ? { schema, name: table! } : { name }),
        );
        assertObjectMatch(error, { code: "name_refused", blame: "config" });
        assertEquals(error.message, `${name} is a table of the server's own: name another`);
      }
      const error = await refused(connection.prepareLoad(planned("append", "parted")));
      assertStringIncludes(error.message, "has a partition that is a foreign table, part");
    })
  ));

const LACKED: readonly (readonly [WriteMode, string, string])[] = [
  ["append", "SELECT", "GRANT INSERT ON nodes TO"],
  ["upsert", "SELECT, INSERT", "GRANT UPDATE ON nodes TO"],
  ["upsert", "INSERT, UPDATE", "GRANT SELECT ON nodes TO"],
  ["replace", "SELECT, INSERT, DELETE", "GRANT TRUNCATE ON nodes TO"],
];

Deno.test("a role that lacks a privilege is told which, before the first row", async () => {
  for (const [mode, granted, says] of LACKED) {
    await withRole(
      `GRANT ${granted} ON nodes TO ROLE`,
      (url) =>
        connected({ url }, async (connection) => {
          const error = await refused(connection.prepareLoad(planned(mode)));
          assertObjectMatch(error, { code: "privilege_missing", blame: "config" });
          assertStringIncludes(error.message, says);
          assertEquals(error.message.match(/GRANT/g)!.length, 1, error.message);
        }),
    );
  }
  await withRole(
    "GRANT INSERT (id, name) ON nodes TO ROLE",
    (url) =>
      connected({ url }, async (connection) => {
        await load(connection, planned("append"), [ROWS]);
      }),
  );
});

Deno.test("a sequence that a default counts on needs USAGE where the load lacks the column", async () => {
  const ddl = "CREATE TABLE nodes (id bigint PRIMARY KEY, name text, n serial, " +
    "i bigint GENERATED BY DEFAULT AS IDENTITY)";
  await withRole(
    "GRANT SELECT, INSERT ON nodes TO ROLE",
    (url) =>
      connected({ url }, async (connection) => {
        const error = await refused(connection.prepareLoad(planned("append")));
        assertObjectMatch(error, { code: "privilege_missing" });
        assertStringIncludes(error.message, "GRANT USAGE ON SEQUENCE nodes_n_seq TO");
        const all: Shape = shape("append", [column("id!", "int64"), column("n?", "int32")]);
        await load(connection, order(all, planOf("append", DDL)), [[{ id: 1, n: 4 }]]);
      }),
    ddl,
  );
});

Deno.test("a row that a policy does not let in is refused by itself, and not the role", async () => {
  const secured = `CREATE TABLE nodes (${DDL}); ALTER TABLE nodes ENABLE ROW LEVEL SECURITY;
    CREATE POLICY shown ON nodes FOR SELECT USING (true);
    CREATE POLICY changed ON nodes FOR UPDATE USING (true);
    CREATE POLICY few ON nodes FOR INSERT WITH CHECK (id < 3)`;
  const rows = [1, 3, 2].map((id) => ({ id, name: "new" }));
  for (const mode of ["append", "upsert"] as const) {
    await withRole(
      "GRANT SELECT, INSERT, UPDATE ON nodes TO ROLE",
      (url) =>
        connected({ url }, async (connection) => {
          const o = planned(mode);
          const { record } = await connection.prepareLoad(o);
          await connection.joinLoad(o, record);
          const result = await writeOne(connection, batch(o.shape, rows));
          const [row, ...more] = ofKind(result, "reject").rows;
          assertObjectMatch(row!, { ordinal: 1, code: "integrity" });
          assertEquals(more, []);
          assertStringIncludes(row!.message, "row-level policy does not let this row in");
        }),
      secured,
    );
  }
});

Deno.test("rows go by INSERT where row-level security stops COPY, which is named where COPY is asked for", async () => {
  const secured = `CREATE TABLE nodes (${DDL}); ALTER TABLE nodes ENABLE ROW LEVEL SECURITY;
    CREATE POLICY everything ON nodes USING (true)`;
  await withRole(
    "GRANT SELECT, INSERT, UPDATE, TRUNCATE ON nodes TO ROLE",
    (url) =>
      connected({ url, bulk: "copy" }, async (connection) => {
        const error = await refused(connection.prepareLoad(planned("append")));
        assertObjectMatch(error, { code: "table_refused", blame: "config" });
        assertStringIncludes(
          error.message,
          "has row-level security, under which PostgreSQL takes no COPY",
        );
        assertStringIncludes(error.message, "--set bulk=auto");
        await load(connection, planned("upsert"), [ROWS]);
        await load(connection, planned("replace"), [ROWS]);
        for (const [id, bulk] of [[8, "auto"], [9, "insert"]] as const) {
          await connected({ url, bulk }, async (other) => {
            const [result] = await load(other, { ...planned("append"), source: bulk }, [[{ id }]]);
            assertEquals(result!.kind, "written");
          });
        }
      }),
    secured,
  );
  // The owner, and a superuser, are not held to it.
  await withDatabase((url, sql) =>
    connected({ url }, async (connection) => {
      await sql.unsafe(secured);
      await load(connection, planned("append"), [ROWS]);
      assert((await sql`SELECT 1 FROM nodes`).length === 2);
    })
  );
});

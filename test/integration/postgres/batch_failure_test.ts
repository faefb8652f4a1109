/** Batches that fail: what is said of them, what stays, and whether the connection goes on. */
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
  ofKind,
  order,
  planOf,
  shape,
} from "./fixture.ts";
import { writeOne } from "../../support/write_one.ts";

eachWay(
  "rows that the codec refuses are named, and nothing is sent",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        const o = order(shape("append"), planOf("append", NODES_DDL));
        const [result] = await load(connection, o, [[NODES[0], { id: "x" }, {
          id: 2,
          name: "\0",
        }]]);
        const outcome = ofKind(result, "reject");
        assertEquals(outcome.rows.map((r) => [r.ordinal, r.column, r.code]), [
          [1, "id", "type"],
          [2, "name", "encoding"],
        ]);
        assertEquals((await sql`SELECT * FROM nodes`).length, 0);
        assertEquals((await sql`SELECT * FROM _snakepipe_batch`).length, 0);
      })
    ),
);

for (
  const [name, ddl, record, expected] of [
    ["a unique constraint", NODES_DDL, { id: 1, name: "x" }, { code: "integrity" }],
    [
      "a check",
      `${NODES_DDL} CHECK (name <> 'secret-value')`,
      { id: 9, name: "secret-value" },
      { code: "integrity" },
    ],
    [
      "NOT NULL",
      "id bigint, name text NOT NULL",
      { id: 9, name: null },
      { code: "integrity", column: "name" },
    ],
    [
      "a length",
      "id bigint, name varchar(3)",
      { id: 9, name: "secret-value" },
      { code: "data", column: "name" },
    ],
    [
      "jsonb",
      "id bigint, name jsonb",
      { id: 9, name: "{ COPY nodes, line 1: secret-value" },
      { code: "data", column: "name" },
    ],
  ] as const
) {
  eachWay(
    `row that ${name} refuses is named, and the connection goes on`,
    (bulk) =>
      withDatabase((url, sql) =>
        connected({ url, bulk }, async (connection) => {
          const o = order(shape("append"), planOf("append", ddl));
          const good = ddl.includes("jsonb") ? "1" : "a";
          const record1 = { id: 1, name: good };
          const { record: l } = await connection.prepareLoad(o);
          await connection.joinLoad(o, l);
          const write = (records: readonly unknown[], sequence: number) =>
            writeOne(connection, batch(o.shape, records, { sequence, ordinal: 100, line: 7 }));
          const result = await write([record1, { id: 2, name: good }, record], 0);
          const outcome = ofKind(result, "reject");
          assertEquals(outcome.rows.length, 1);
          assertObjectMatch(outcome.rows[0]!, { ordinal: 102, line: 9, part: "nodes.ndjson" });
          // Of a value that does not fit, only COPY names the column.
          const { code } = expected;
          assertObjectMatch(
            outcome.rows[0]!,
            bulk === "insert" && code === "data" ? { code } : expected,
          );
          assert(!JSON.stringify(result).includes("secret-value"));
          assertEquals((await sql`SELECT * FROM nodes`).length, 0);
          assertEquals(connection.usable, true);
          assertEquals((await write([record1], 0)).kind, "written");
          assertEquals((await sql`SELECT * FROM nodes`).length, 1);
        })
      ),
  );
}

eachWay(
  "a batch that is in already is not written twice",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        const o = order(
          shape("append", [column("id", "int64"), column("name?", "text")]),
          planOf("append", "id bigint, name text"),
        );
        const { record: l } = await connection.prepareLoad(o);
        await connection.joinLoad(o, l);
        assertEquals((await writeOne(connection, batch(o.shape, NODES))).kind, "written");
        const again = await writeOne(connection, batch(o.shape, NODES));
        assertObjectMatch(ofKind(again, "written"), {
          counts: { read: 3, committed: 3, superseded: 0, rejected: 0 },
          alreadyIn: true,
        });
        assertEquals((await sql`SELECT * FROM nodes`).length, 3);
        const other = await writeOne(connection, batch(o.shape, NODES.slice(0, 2)));
        assertEquals(ofKind(other, "fatal").failure.code, "OTHER_BATCH");
        assertEquals((await sql`SELECT * FROM nodes`).length, 3);
        assertEquals(connection.usable, true);
      })
    ),
);

eachWay(
  "rows that a trigger drops in silence fail the batch",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        await sql.unsafe(`CREATE TABLE nodes (${NODES_DDL});
        CREATE FUNCTION drop_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF NEW.id = 2 THEN RETURN NULL; END IF; RETURN NEW; END $$;
        CREATE TRIGGER drop_row BEFORE INSERT ON nodes FOR EACH ROW EXECUTE FUNCTION drop_row();`);
        for (const plan of [planOf("append", NODES_DDL), planOf("append", NODES_DDL, 2)]) {
          const [result] = await load(connection, order(shape("append"), plan), [NODES]);
          const outcome = ofKind(result, "fatal");
          assertEquals(outcome.failure.code, "COUNTS_DIFFER");
        }
        assertEquals((await sql`SELECT * FROM nodes`).length, 0);
        assertEquals((await sql`SELECT * FROM _snakepipe_batch`).length, 0);
      })
    ),
);

eachWay(
  "what is missing is said by its kind",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        const o = order(shape("append"), { ...planOf("append", NODES_DDL), create: [] });
        const kindOf = async () => {
          const [result] = await load(connection, o, [NODES]);
          const outcome = ofKind(result, "fatal");
          return outcome.failure.kind;
        };
        assertEquals(await kindOf(), "missing_table");
        await sql`CREATE TABLE nodes (id bigint)`;
        assertEquals(await kindOf(), "missing_column");
        await sql`DROP TABLE nodes`;
        const upsert = order(shape("upsert"), planOf("upsert", "id bigint, name text"));
        const [result] = await load(connection, upsert, [NODES]);
        assertObjectMatch(result!, {
          kind: "fatal",
          failure: { kind: "invalid_plan", code: "42P10" },
        });
      })
    ),
);

eachWay(
  "a lock that is not to be had is a reason to try again",
  (bulk) =>
    withDatabase((url, sql) =>
      connected({ url, bulk }, async (connection) => {
        const o = order(shape("append"), planOf("append", NODES_DDL));
        const { record: l } = await connection.prepareLoad(o);
        await connection.joinLoad(o, l);
        await connection.run(["SET lock_timeout = '50ms'"]);
        await sql.begin(async (tx) => {
          await tx`LOCK TABLE nodes`;
          const result = await writeOne(connection, batch(o.shape, NODES));
          assertObjectMatch(result, {
            kind: "retry",
            failure: { kind: "conflict", code: "55P03" },
          });
        });
        assertEquals((await writeOne(connection, batch(o.shape, NODES))).kind, "written");
      })
    ),
);

eachWay(
  "a batch whose connection is lost before COMMIT may be tried again",
  (bulk) =>
    withDatabase(async (url, sql) => {
      const o = order(shape("append"), planOf("append", NODES_DDL));
      await connected({ url, bulk }, async (connection) => {
        const { record: l } = await connection.prepareLoad(o);
        await connection.joinLoad(o, l);
        await sql.begin(async (tx) => {
          await tx`LOCK TABLE nodes`;
          const writing = writeOne(connection, batch(o.shape, NODES));
          await terminate(tx as unknown as typeof sql, bulk.toUpperCase());
          const result = await writing;
          assertObjectMatch(result, { kind: "retry", failure: { kind: "connection" } });
          assertEquals(connection.usable, false);
        });
        await connected({ url, bulk }, async (second) => {
          await second.joinLoad(o, l);
          assertEquals((await writeOne(second, batch(o.shape, NODES))).kind, "written");
        });
        assertEquals((await sql`SELECT * FROM nodes`).length, 3);
      });
    }),
);

/** Ends the session that runs a statement beginning so, as soon as there is one. */
async function terminate(sql: { unsafe(text: string): Promise<unknown> }, word: string) {
  for (let i = 0; i < 100; i++) {
    // Within a transaction the first look would count for ever.
    await sql.unsafe("SELECT pg_stat_clear_snapshot()");
    const rows = await sql.unsafe(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '${word}%'
       AND state = 'active' AND application_name = 'snakepipe' AND datname = current_database()`,
    ) as unknown[];
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`No session runs ${word}`);
}

const SLOW_COMMIT = `
  CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(NEW.wait); IF NEW.wait = 0 THEN RAISE EXCEPTION 'no'; END IF;
    RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON nodes DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION at_commit();`;

eachWay(
  "a row that COMMIT refuses is named; a COMMIT that is never answered may be sent again",
  (bulk) =>
    withDatabase(async (url, sql) => {
      await sql.unsafe(`CREATE TABLE nodes (wait float8); ${SLOW_COMMIT}`);
      const o = order(
        shape("append", [column("wait", "float64")]),
        planOf("append", "wait float8"),
      );
      await connected({ url, bulk }, async (connection) => {
        const { record: l } = await connection.prepareLoad(o);
        await connection.joinLoad(o, l);
        const refusedCommit = await writeOne(connection, batch(o.shape, [{ wait: 0 }]));
        const [row] = ofKind(refusedCommit, "reject").rows;
        assertObjectMatch(row!, { ordinal: 0, line: 1, code: "integrity" });
        assertEquals(connection.usable, true);
        const writing = writeOne(connection, batch(o.shape, [{ wait: 30 }]));
        await terminate(sql, "COMMIT");
        const result = await writing;
        const outcome = ofKind(result, "retry");
        assertEquals(outcome.failure.commitUnknown, true);
        assertEquals(connection.usable, false);
      });
    }),
);

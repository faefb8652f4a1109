/** The end of a load: what is counted, and by whom it can be counted. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { withDatabase } from "../../support/postgres_database.ts";
import {
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

const REPLACE = order(shape("replace"), planOf("replace", NODES_DDL));

eachWay(
  "finish refuses a replace after which the table holds another number of rows",
  (bulk) =>
    withDatabase(async (url, sql) => {
      await sql.unsafe(
        `CREATE TABLE nodes (${NODES_DDL}); INSERT INTO nodes VALUES (9, 'old');
       CREATE FUNCTION thin() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN DELETE FROM nodes WHERE id = 2; RETURN NULL; END $$;
       CREATE TRIGGER thin AFTER INSERT ON nodes FOR EACH STATEMENT EXECUTE FUNCTION thin()`,
      );
      await connected({ url, bulk }, async (connection) => {
        const error = await refused(load(connection, REPLACE, [NODES]));
        assertEquals(error.code, "counts_differ");
        assertStringIncludes(error.message, "the table holds 2 and not 3");
      });
      assertEquals([...await sql`SELECT id FROM nodes`], [{ id: "9" }]);
    }),
);

Deno.test("a replace is finished by a role from which a policy hides rows of the table", () =>
  withDatabase(async (url, sql) => {
    const role = `r_${crypto.randomUUID().slice(0, 8)}`;
    await sql.unsafe(
      `CREATE ROLE ${role} LOGIN PASSWORD 'pw'; GRANT CREATE ON SCHEMA public TO ${role};
       CREATE TABLE nodes (${NODES_DDL}); INSERT INTO nodes VALUES (9, 'old');
       GRANT SELECT, INSERT, TRUNCATE ON nodes TO ${role};
       ALTER TABLE nodes ENABLE ROW LEVEL SECURITY;
       CREATE POLICY taken ON nodes FOR INSERT WITH CHECK (true);
       CREATE POLICY shown ON nodes FOR SELECT USING (id = 1)`,
    );
    try {
      const own = url.replace(/\/\/[^@]*@/, `//${role}:pw@`);
      await connected({ url: own }, async (connection) => {
        ofKind((await load(connection, REPLACE, [NODES]))[0], "written");
      });
      assertEquals([...await sql`SELECT count(*) FROM nodes`], [{ count: "3" }]);
    } finally {
      await sql.unsafe(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  }));

Deno.test(
  "an upsert by INSERT counts a key once, in however many statements it comes",
  () =>
    withDatabase((url, sql) =>
      connected({ url }, async (connection) => {
        const plan = planOf("append", NODES_DDL, 1);
        const upsert = {
          ...plan.write,
          sql: "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO UPDATE SET " +
            "{col:1} = EXCLUDED.{col:1}",
        };
        const o = order(shape("upsert"), { ...plan, write: upsert } as typeof plan);
        const rows = [{ id: 1, name: "a" }, { id: 2, name: "b" }, { id: 1, name: "c" }];
        const [result] = await load(connection, o, [rows]);
        assertEquals(ofKind(result, "written").counts, {
          read: 3,
          committed: 2,
          superseded: 1,
          rejected: 0,
        });
        assertEquals([...await sql`SELECT name FROM nodes ORDER BY id`], [
          { name: "c" },
          { name: "b" },
        ]);
      })
    ),
);

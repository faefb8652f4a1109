/** Which indexes of a PostgreSQL table wait for its rows, and that those are made as they were. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LoadError, type LoadOptions, type LoadReport, rows } from "../../../mod.ts";
import { kindOf, openHost, type Target } from "../../support/target.ts";
import { withRole } from "./role.ts";

async function load(
  { type, config }: Pick<Target, "type" | "config">,
  options: Partial<LoadOptions> = {},
  how: Pick<LoadOptions, "indexes"> = { indexes: "after" },
): Promise<LoadReport> {
  await using host = await openHost();
  const backend = await host.createBackend(type, config);
  return await host.load(rows([{ id: 1, text: "a" }, { id: 2, text: "B" }]), backend, {
    table: "t",
    ...how,
    ...options,
  });
}

/** All that the catalogue has of the indexes of the table but their oids. */
function catalogue({ query }: Target) {
  return query(`SELECT x.relname::text AS name, pg_get_indexdef(x.oid) AS definition,
  obj_description(x.oid, 'pg_class') AS comment, x.reloptions::text AS options,
  x.reltablespace::text AS place, concat(i.indisvalid, i.indisclustered, i.indisreplident) AS marks,
  (SELECT string_agg(a.attname || coalesce(a.attstattarget, -1), ',' ORDER BY attnum)
    FROM pg_attribute a WHERE attrelid = x.oid) AS statistics, x.oid::text AS oid
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
WHERE i.indrelid = 't'::regclass ORDER BY x.relname`);
}

const NO_OID = ({ oid: _, ...row }: Record<string, string | null>) => row;

Deno.test("what an index has is there again, and what cannot be made again stays", async () => {
  await kindOf("postgres").use(async (target) => {
    await target.execute(`CREATE TABLE t (id bigint, text text);
CREATE SCHEMA elsewhere;
CREATE FUNCTION elsewhere.shout(text) RETURNS text IMMUTABLE LANGUAGE sql RETURN upper($1);
CREATE INDEX goes_filled ON t (id DESC NULLS LAST) WITH (fillfactor = 55) WHERE id > 0;
CREATE INDEX goes_expression ON t (elsewhere.shout(text) text_pattern_ops) INCLUDE (id);
CREATE INDEX "goes ""quoted""" ON t USING hash (id);
COMMENT ON INDEX "goes ""quoted""" IS 'it''s \\ here';
CREATE INDEX stays_semicolon ON t (text) WHERE text <> ';';
CREATE UNIQUE INDEX stays_unique ON t (id) WHERE id > 0;
ALTER TABLE t ADD CONSTRAINT stays_exclusion EXCLUDE USING btree (id WITH =);
CREATE INDEX stays_cluster ON t (text);
ALTER TABLE t CLUSTER ON stays_cluster;
CREATE INDEX stays_statistics ON t ((id + 1));
ALTER INDEX stays_statistics ALTER COLUMN 1 SET STATISTICS 77;
CREATE INDEX stays_invalid ON t (id, text);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'stays_invalid'::regclass;`);
    for (const mode of ["append", "replace"] as const) {
      const before = await catalogue(target);
      const { notes, committed } = await load(target, { mode });
      assertEquals(committed, 2);
      const after = await catalogue(target);
      assertEquals(after.map(NO_OID), before.map(NO_OID));
      const made = after.filter(({ oid }, i) => oid !== before[i]!.oid).map(({ name }) => name);
      assertEquals(made, ['goes "quoted"', "goes_expression", "goes_filled"], mode);
      if (mode === "replace") continue;
      assertEquals(notes.filter((note) => note.startsWith("Index ")), [
        "Index stays_cluster stays while rows are loaded: CLUSTER goes by it",
        "Index stays_exclusion stays while rows are loaded: it decides which rows are accepted",
        "Index stays_invalid stays while rows are loaded: it is not valid",
        "Index stays_semicolon stays while rows are loaded: its definition, or its comment, has a " +
        "semicolon",
        "Index stays_statistics stays while rows are loaded: it has statistics of its own",
        "Index stays_unique stays while rows are loaded: it decides which rows are accepted",
      ]);
      // TRUNCATE makes it valid.
      await target.execute("DROP INDEX stays_invalid");
    }
  });
});

Deno.test("indexes of a partitioned table do not wait", async () => {
  await kindOf("postgres").use(async (target) => {
    await target.execute(`CREATE TABLE t (id bigint, text text) PARTITION BY RANGE (id);
CREATE TABLE part PARTITION OF t DEFAULT; CREATE INDEX by_text ON t (text);`);
    const error = await assertRejects(() => load(target), LoadError);
    assertEquals(error.code, "config_invalid");
    assertStringIncludes(
      error.message,
      "it is partitioned, and they are made of those of its parts",
    );
    assertEquals((await load(target, {}, {})).committed, 2);
  });
});

Deno.test("indexes of a table that belongs to another role do not wait", async () => {
  const ddl = "CREATE TABLE t (id bigint, text text); CREATE INDEX by_text ON t (text)";
  await withRole("GRANT ALL ON t TO ROLE", async (url, sql) => {
    const there = { type: kindOf("postgres").name, config: { url } };
    const error = await assertRejects(() => load(there), LoadError);
    assertEquals(error.code, "config_invalid");
    assertStringIncludes(error.message, "only its owner can drop them and make them again");
    assertEquals((await load(there, {}, {})).committed, 2);
    const [index] = await sql`SELECT to_regclass('by_text')::text AS name`;
    assertEquals(index!.name, "by_text");
  }, ddl);
});

Deno.test("an index that cannot be made again is told, and is made once it can be", async () => {
  await kindOf("postgres").use(async (target) => {
    await target.execute(`CREATE TABLE t (id bigint, text text);
CREATE FUNCTION picky(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS
  $$ BEGIN IF $1 = 'B' THEN RAISE 'no'; END IF; RETURN $1; END $$;
CREATE INDEX by_id ON t (id); CREATE INDEX picks ON t (picky(text));`);
    const before = await catalogue(target);
    const error = await assertRejects(() => load(target, { load: "l" }), LoadError);
    assertStringIncludes(
      error.message,
      "2 indexes of t are not there: the same command completes the load and makes them again; the " +
        "statements for it stand in _snakepipe_index",
    );
    assertEquals(await catalogue(target), []);
    await target.execute(
      "CREATE OR REPLACE FUNCTION picky(text) RETURNS text IMMUTABLE LANGUAGE sql RETURN $1",
    );
    const report = await load(target, { load: "l" });
    assertEquals([report.state, report.skipped], ["complete", 2]);
    assertEquals((await catalogue(target)).map(NO_OID), before.map(NO_OID));
  });
});

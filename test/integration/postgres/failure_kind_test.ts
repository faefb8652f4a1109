/** What a real server says when it is provoked, by code and kind. */
import { assertEquals, assertObjectMatch } from "@std/assert";
import type { FailureKind } from "../../../src/model/failure.ts";
import { readTarget } from "../../../host/drivers/postgres/config.ts";
import { classify } from "../../../host/drivers/postgres/failures.ts";
import { Session } from "../../../host/drivers/postgres/session.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { config, refused } from "./fixture.ts";

async function withSession(url: string, use: (session: Session) => Promise<void>): Promise<void> {
  const session = await Session.open(readTarget(config({ url })));
  try {
    await use(session);
  } finally {
    await session.close();
  }
}

async function run(session: Session, statements: readonly string[]): Promise<void> {
  for (const text of statements) await session.query(text);
}

/** Code and kind of what the work fails with. */
async function failing(work: Promise<unknown>): Promise<[string, FailureKind]> {
  const { code, kind } = classify(await refused(work), { endpoint: "db", what: "It" });
  return [code, kind];
}

const TABLES = `
  CREATE TABLE parent (id int PRIMARY KEY);
  CREATE TABLE t (id int PRIMARY KEY, s varchar(3) NOT NULL DEFAULT '', n int CHECK (n < 10),
    p int REFERENCES parent, r int4range, EXCLUDE USING gist (r WITH &&));
  CREATE VIEW few AS SELECT id, s FROM t WHERE id < 100 WITH CHECK OPTION;
  CREATE TABLE long_key (k text PRIMARY KEY);
  CREATE TABLE guarded (id int);
  CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    ASSERT NEW.id < 10; RAISE EXCEPTION 'no'; END $$;
  CREATE TRIGGER guard BEFORE INSERT ON guarded FOR EACH ROW EXECUTE FUNCTION guard();
  INSERT INTO t VALUES (1, 'a', 1, NULL, '[1,5)'), (2, 'b', 2, NULL, '[5,9)')`;

/** The last statement fails. */
const CASES: readonly (readonly [string, FailureKind, ...string[]])[] = [
  ["23505", "integrity", "INSERT INTO t (id) VALUES (1)"],
  ["23503", "integrity", "INSERT INTO t (id, p) VALUES (3, 7)"],
  ["23514", "integrity", "INSERT INTO t (id, n) VALUES (3, 10)"],
  ["23502", "integrity", "INSERT INTO t (id, s) VALUES (3, NULL)"],
  ["23P01", "integrity", "INSERT INTO t (id, r) VALUES (3, '[4,6)')"],
  ["44000", "integrity", "INSERT INTO few (id) VALUES (100)"],
  ["P0001", "integrity", "INSERT INTO guarded VALUES (1)"],
  ["P0004", "integrity", "INSERT INTO guarded VALUES (10)"],
  ["22001", "data", "INSERT INTO t (id, s) VALUES (3, 'abcd')"],
  ["22003", "data", "INSERT INTO t (id) VALUES (2147483648)"],
  ["22P02", "data", "INSERT INTO t (id) VALUES ('x')"],
  ["22007", "data", "SELECT 'x'::date"],
  ["22008", "data", "SELECT '2024-13-01'::date"],
  [
    "54000",
    "data",
    "INSERT INTO long_key SELECT string_agg(md5(i::text), '') FROM generate_series(1, 999) AS i",
  ],
  ["42P01", "missing_table", "INSERT INTO nowhere VALUES (1)"],
  ["3F000", "missing_table", "CREATE TABLE nowhere.t (id int)"],
  ["42703", "missing_column", "INSERT INTO t (id, x) VALUES (3, 1)"],
  ["42501", "privilege", "SET ROLE pg_read_all_stats", "INSERT INTO t (id) VALUES (3)"],
  ["25006", "privilege", "BEGIN READ ONLY", "INSERT INTO t (id) VALUES (3)"],
  ["57014", "timeout", "SET statement_timeout = '10ms'", "SELECT pg_sleep(5)"],
  // The client keeps to itself what a server says as it ends a session.
  ["CONNECTION_CLOSED", "connection", "SELECT pg_terminate_backend(pg_backend_pid())"],
  [
    "53400",
    "resource",
    "SET temp_file_limit = '64kB'",
    "SET work_mem = '64kB'",
    "SELECT count(*) FROM (SELECT i FROM generate_series(1, 99999) AS i ORDER BY -i OFFSET 1) AS s",
  ],
  ["42P07", "invalid_plan", "CREATE TABLE t (id int)"],
  ["42P10", "invalid_plan", "INSERT INTO t (id) VALUES (3) ON CONFLICT (n) DO NOTHING"],
  ["42601", "invalid_plan", "INSRT INTO t (id) VALUES (3)"],
  ["0A000", "invalid_plan", "CREATE TABLE u (id int CHECK (id IN (SELECT 1)))"],
  [
    "21000",
    "invalid_plan",
    "INSERT INTO t (id) VALUES (3), (3) ON CONFLICT (id) DO UPDATE SET n = 1",
  ],
];

Deno.test("a server's failures are of the kind that says what may be done", () =>
  withDatabase(async (url, sql) => {
    await sql.unsafe(TABLES);
    for (const [code, kind, ...statements] of CASES) {
      await withSession(url, async (session) => {
        assertEquals(await failing(run(session, statements)), [code, kind], statements.join("; "));
      });
    }
  }));

Deno.test("what sessions do to each other is a conflict: deadlock, serialisation, locks, two creations", () =>
  withDatabase(async (url, sql) => {
    await sql.unsafe(TABLES);
    const update = (id: number) => `UPDATE t SET n = n + 1 WHERE id = ${id}`;
    await withSession(url, (a) =>
      withSession(url, async (b) => {
        for (const session of [a, b]) await session.query("SET deadlock_timeout = '20ms'");
        await run(a, ["BEGIN", update(1)]);
        await run(b, ["BEGIN", update(2)]);
        const both = await Promise.allSettled([a.query(update(2)), b.query(update(1))]);
        const [lost] = both.filter((outcome) => outcome.status === "rejected");
        assertEquals(await failing(Promise.reject(lost!.reason)), ["40P01", "conflict"]);
        await run(a, ["ROLLBACK"]);
        await run(b, ["ROLLBACK"]);

        const repeatable = ["BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT n FROM t"];
        await run(a, repeatable);
        await run(b, [update(1)]);
        assertEquals(await failing(a.query(update(1))), ["40001", "conflict"]);
        await run(a, ["ROLLBACK"]);

        await run(a, ["BEGIN", "LOCK TABLE t"]);
        await run(b, ["SET lock_timeout = '20ms'"]);
        assertEquals(await failing(b.query(update(1))), ["55P03", "conflict"]);
        await run(a, ["ROLLBACK"]);
        await run(b, ["SET lock_timeout = 0"]);

        const create = "CREATE TABLE IF NOT EXISTS made_twice (id int)";
        await run(a, ["BEGIN", create]);
        const late = failing(b.query(create));
        await waiting(sql);
        await run(a, ["COMMIT"]);
        assertEquals(await late, ["23505", "conflict"]);
      }));
  }));

/** Waits until a session of this database waits for another one. */
async function waiting(sql: { unsafe(text: string): Promise<unknown> }): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const rows = await sql.unsafe(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'
       AND datname = current_database()`,
    ) as unknown[];
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("No session waits");
}

Deno.test("a database that takes no more connections may do so later, one that is gone may not", () =>
  withDatabase(async (url, sql) => {
    const role = `r_${crypto.randomUUID().slice(0, 8)}`;
    await sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'pw' CONNECTION LIMIT 1`);
    try {
      const own = url.replace(/\/\/[^@]*@/, `//${role}:pw@`);
      await withSession(own, async () => {
        const full = await refused(withSession(own, () => Promise.resolve()));
        assertObjectMatch(classify(full, { endpoint: "db", what: "It" }), {
          code: "53300",
          kind: "unavailable",
        });
      });
    } finally {
      await sql.unsafe(`DROP ROLE ${role}`);
    }
    const nowhere = url.replace(/\/[^/]*$/, "/nowhere");
    assertEquals(await failing(withSession(nowhere, () => Promise.resolve())), [
      "3D000",
      "missing_table",
    ]);
  }));

/** The role that is recommended for loads: it can load, and little else. */
import { assertEquals, assertRejects } from "@std/assert";
import postgres from "postgres";
import { rows, WRITE_MODES } from "../../../mod.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { openHost } from "../../support/target.ts";

const SCRIPT = await Deno.readTextFile(
  new URL("../../../host/drivers/postgres/loader_role.sql", import.meta.url),
);
const PASSWORD = "only for this test";

/** Runs the script as psql would, and hands over the role's URL, and a client that it has logged in. */
async function withRole(
  act: (role: { url: string; sql: postgres.Sql; admin: postgres.Sql }) => Promise<void>,
): Promise<void> {
  await withDatabase(async (url, admin) => {
    const role = `loader_${crypto.randomUUID().slice(0, 8)}`;
    const { pathname } = new URL(url);
    const names = { role, schema: "ast", DBNAME: pathname.slice(1) };
    const script = Object.entries(names).reduce(
      (text, [name, value]) => text.replaceAll(`:"${name}"`, `"${value}"`),
      SCRIPT,
    );
    await admin.unsafe("CREATE SCHEMA ast");
    await admin.unsafe("CREATE TABLE ast.there (id bigint PRIMARY KEY, text text)");
    await admin.unsafe("CREATE TABLE secrets (text text)");
    await admin.unsafe(script);
    await admin.unsafe(`ALTER ROLE ${role} PASSWORD '${PASSWORD}'`);
    const own = new URL(url);
    own.username = role;
    own.password = PASSWORD;
    const sql = postgres(own.href, { max: 1, fetch_types: false, onnotice: () => {} });
    try {
      await act({ url: own.href, sql, admin });
    } finally {
      await sql.end({ timeout: 5 });
      await admin.unsafe(`DROP OWNED BY ${role} CASCADE`);
      await admin.unsafe(`DROP ROLE ${role}`);
    }
  });
}

Deno.test("loader's role loads in every mode, into tables that are there and into new ones", () =>
  withRole(async ({ url, admin }) => {
    await using host = await openHost();
    const backend = await host.createBackend("postgresql", { url });
    for (const table of ["ast.there", "ast.fresh"]) {
      for (const mode of WRITE_MODES) {
        const source = rows([{ id: 1, text: mode }, { id: 2, text: null }]);
        if (mode === "append" && table === "ast.there") await admin`DELETE FROM ast.there`;
        const report = await host.load(source, backend, { table, mode, key: ["id"] });
        assertEquals([table, mode, report.committed], [table, mode, 2]);
      }
      const [row] = await admin.unsafe(`SELECT text FROM ${table} WHERE id = 1`);
      assertEquals(row!.text, "replace");
    }
  }));

const REFUSED = [
  "SELECT * FROM public.secrets",
  "INSERT INTO public.secrets VALUES ('x')",
  "CREATE TABLE public.mine (a int)",
  "DROP TABLE ast.there",
  "ALTER TABLE ast.there ADD COLUMN x int",
  "CREATE SCHEMA mine",
  "CREATE EXTENSION dblink",
  "CREATE ROLE other",
  "SET ROLE postgres",
  "SET SESSION AUTHORIZATION postgres",
  "SET session_replication_role TO replica",
  "ALTER SYSTEM SET work_mem = '1GB'",
  "COPY ast.there FROM PROGRAM 'true'",
  "COPY ast.there TO '/tmp/x'",
  "SELECT pg_read_file('/etc/passwd')",
  "SELECT pg_ls_dir('.')",
  "SELECT lo_import('/etc/passwd')",
  "SELECT pg_reload_conf()",
  "SELECT passwd FROM pg_shadow",
  "CREATE FUNCTION ast.f() RETURNS int LANGUAGE c AS 'x'",
  "CREATE TRIGGER x AFTER INSERT ON ast.there EXECUTE FUNCTION suppress_redundant_updates_trigger()",
];

Deno.test("loader's role can do nothing beside, whatever it is asked", () =>
  withRole(async ({ sql, admin }) => {
    for (const statement of REFUSED) {
      await assertRejects(
        () => sql.unsafe(statement).execute(),
        postgres.PostgresError,
        "",
        statement,
      );
    }
    const [row] = await admin`SELECT count(*)::int AS n FROM secrets`;
    assertEquals(row!.n, 0);
  }));

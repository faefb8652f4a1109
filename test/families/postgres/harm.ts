/** PostgreSQL as a world for hostile plans. */
import postgres from "postgres";
import { testServerUrl } from "../../support/postgres_database.ts";
import type { Found, HarmBench, Look, World } from "../harm_bench.ts";

const USERS_SCHEMAS = "!~ '^pg_|information_schema'";

/** What everybody sees: expressions, each of which makes a text or nothing. */
const LOOKS: Readonly<Record<string, readonly string[]>> = {
  "rows of the table": [rowsOf("t")],
  "another table": [
    rowsOf("other"),
    "(SELECT json_agg((relname, relacl, relpersistence) ORDER BY relname) FROM pg_class WHERE relname IN ('other', 'child'))",
    rowsOf("child"),
    "(SELECT count(*) FROM pg_statistic WHERE starelid = to_regclass('public.other'))",
  ],
  "the ledger": [rowsOf("_snakepipe_load"), rowsOf("_snakepipe_batch")],
  "the table itself": [
    "(SELECT json_agg((c.relkind, c.relpersistence, c.relowner::regrole, c.relacl, c.relrowsecurity, c.reloptions, c.relreplident, " +
    "obj_description(c.oid))) FROM pg_class c WHERE oid = to_regclass('public.t'))",
    "(SELECT json_agg((attname, atttypid::regtype, atttypmod, attnotnull, attcollation, attstattarget, attstorage, " +
    "pg_get_expr(adbin, adrelid), attgenerated, attidentity) ORDER BY attnum) FROM pg_attribute " +
    "LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum " +
    "WHERE attrelid = to_regclass('public.t') AND attnum > 0)",
    "(SELECT json_agg(pg_get_constraintdef(k.oid) ORDER BY conname) FROM pg_constraint k WHERE conrelid = to_regclass('public.t'))",
    "(SELECT json_agg(pg_get_indexdef(indexrelid)) FROM pg_index WHERE indrelid = to_regclass('public.t'))",
    "(SELECT json_agg((tgname, tgenabled) ORDER BY tgname) FROM pg_trigger WHERE tgrelid = to_regclass('public.t'))",
    "(SELECT json_agg(definition) FROM pg_rules WHERE tablename = 't')",
    "(SELECT json_agg(polname) FROM pg_policy)",
  ],
  "other objects": [
    "(SELECT json_agg((relname, relkind, relnamespace::regnamespace) ORDER BY relname) FROM pg_class WHERE relkind IN ('r','v','m','S','f','p') " +
    `AND relname !~ 'aside' AND relname <> 't' AND relnamespace::regnamespace::text ${USERS_SCHEMAS})`,
    `(SELECT json_agg((proname, prosecdef) ORDER BY proname) FROM pg_proc WHERE pronamespace::regnamespace::text ${USERS_SCHEMAS})`,
    "(SELECT json_agg(extname ORDER BY 1) FROM pg_extension)",
    "(SELECT json_agg((nspname, nspacl) ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '^pg_')",
    "(SELECT json_agg(oid) FROM pg_largeobject_metadata)",
    "(SELECT json_agg(evtname) FROM pg_event_trigger)",
    "(SELECT json_agg(pubname) FROM pg_publication)",
    "(SELECT json_agg(srvname) FROM pg_foreign_server)",
    "(SELECT json_agg(typname ORDER BY 1) FROM pg_type WHERE typtype IN ('d', 'e') AND typnamespace = to_regnamespace('public'))",
    "(SELECT json_agg((castsource::regtype, casttarget::regtype)) FROM pg_cast WHERE oid >= 16384)",
    "(SELECT json_agg(stxname) FROM pg_statistic_ext)",
    "(SELECT json_agg(oprname) FROM pg_operator WHERE oid >= 16384)",
    "(SELECT json_agg(defaclacl) FROM pg_default_acl)",
  ],
  "the server": [
    "(SELECT json_agg((name, setting) ORDER BY name) FROM pg_file_settings WHERE sourcefile ~ 'auto.conf')",
    "(SELECT json_agg((rolname, rolsuper, rolcanlogin, rolconfig) ORDER BY rolname) FROM pg_roles WHERE rolname !~ '^pg_')",
    "(SELECT json_agg((roleid::regrole, member::regrole)) FROM pg_auth_members WHERE roleid >= 16384 OR member >= 16384)",
    "(SELECT json_agg(setconfig) FROM pg_db_role_setting)",
    "(SELECT json_agg(gid) FROM pg_prepared_xacts)",
    "(SELECT json_agg(slot_name) FROM pg_replication_slots)",
    "(SELECT json_agg(spcname) FROM pg_tablespace)",
    "(SELECT json_agg(f) FROM pg_ls_dir('.') f WHERE f ~ '^ev')",
    "(SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bystander' AND datname = current_database())",
  ],
};

/** What a session has set, whom it is, what it holds. */
const WITHIN = [
  "(SELECT json_agg((name, setting) ORDER BY name) FROM pg_settings WHERE setting IS DISTINCT FROM reset_val)",
  "current_user",
  "session_user",
  "(SELECT json_agg(c) FROM pg_listening_channels() c)",
  "(SELECT json_agg((name, statement)) FROM pg_prepared_statements WHERE NOT from_sql IS FALSE)",
  "(SELECT json_agg((relname, relkind) ORDER BY relname) FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relname !~ '_snakepipe_staging')",
  "(SELECT json_agg(name) FROM pg_cursors WHERE is_holdable)",
  "(SELECT json_agg((locktype, mode)) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory')",
];

function rowsOf(table: string): string {
  return `CASE WHEN to_regclass('public.${table}') IS NULL THEN 'it is gone' ELSE ` +
    `query_to_xml('SELECT * FROM public.${table} x ORDER BY x::text', true, true, '')::text END`;
}

function asked(texts: readonly string[]): string {
  return `concat_ws(' / ', ${texts.map((text) => `coalesce((${text})::text, '-')`).join(", ")})`;
}

const LOOK = `SELECT ${
  Object.entries(LOOKS).map(([aspect, texts]) => `${asked(texts)} AS "${aspect}"`).join(", ")
}`;

const ROWS = "(1, 'one', 'eins'), (2, 'two', 'zwei')";

function layout(found: Found): string {
  const key = found === "keyed" || found === "referred" ? " PRIMARY KEY" : "";
  const columns = found === "reordered"
    ? "id bigint, b text, a text"
    : found === "counting"
    ? "id bigint GENERATED BY DEFAULT AS IDENTITY, a text, b text"
    : `id bigint${key}, a text, b text`;
  return `DROP SCHEMA IF EXISTS public CASCADE; DROP SCHEMA IF EXISTS evil CASCADE; DROP SCHEMA IF EXISTS mine CASCADE; CREATE SCHEMA public; CREATE SCHEMA evil;
    CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM public.other; RETURN NEW; END $$;
    CREATE TABLE public.other (id bigint, a text, b text, secret text);
    INSERT INTO public.other VALUES (5, 'five', NULL, 'kept'), (6, 'six', NULL, 'too');
    CREATE TABLE public._snakepipe_load (id text, complete boolean); INSERT INTO public._snakepipe_load VALUES ('kept', false);
    CREATE TABLE public._snakepipe_batch (id text, rows bigint); INSERT INTO public._snakepipe_batch VALUES ('kept', 1);
    CREATE FUNCTION public.g() RETURNS bigint LANGUAGE sql AS $$ DELETE FROM public.other; SELECT 1::bigint $$;
    CREATE PROCEDURE public.clean_up() LANGUAGE sql AS $$ DELETE FROM public.other $$;
    CREATE TABLE evil.t (id bigint, a text, b text); CREATE TABLE public."t""t" (id bigint); CREATE TABLE public."id""a" (id bigint); CREATE TABLE public."${
    "o".repeat(63)
  }" (id bigint); CREATE TABLE public."öther" (id bigint);
    ${
    found === "absent" ? "" : `CREATE TABLE public.t (${columns});
    INSERT INTO public.t (id, a, b) VALUES ${ROWS};
    ${
      found === "referred"
        ? "CREATE TABLE public.child (t_id bigint REFERENCES public.t (id) ON DELETE CASCADE); INSERT INTO public.child VALUES (1);"
        : ""
    }
    CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TRIGGER noted AFTER INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.note();`
  }`;
}

/** Statements that remove what attacks have made outside of schemas. */
const LEFT_OVER = "SELECT 'DROP EXTENSION ' || extname || ' CASCADE' AS sql FROM pg_extension " +
  "WHERE extname <> 'plpgsql' " +
  "UNION ALL SELECT 'DROP PUBLICATION ' || pubname FROM pg_publication " +
  "UNION ALL SELECT 'DROP EVENT TRIGGER ' || evtname FROM pg_event_trigger";

/** Opens a bench in a database of its own. */
export async function postgresBench(): Promise<HarmBench> {
  const name = `snakepipe_harm_${crypto.randomUUID().slice(0, 8)}`;
  const server = postgres(testServerUrl(), { max: 1, fetch_types: false, onnotice: () => {} });
  await server.unsafe(`CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(testServerUrl()), { pathname: `/${name}` }).href;
  const client = (connection: Record<string, string | number>) =>
    postgres(url, {
      max: 1,
      fetch_types: false,
      onnotice: () => {},
      onclose: () => {},
      connection,
    });
  const admin = client({});
  await admin.unsafe("DROP ROLE IF EXISTS evil; CREATE ROLE evil SUPERUSER");
  const look = async (): Promise<Look> => ({ ...(await admin.unsafe(LOOK))[0] as unknown as Look });
  const base = new Map<Found, Look>();
  /** What stands there: as it was laid out, but for the rows of the table. */
  let standing: Found | undefined;
  let bystander = client({ application_name: "bystander" });
  await bystander.unsafe("SELECT 1");
  const lay = async (found: Found) => {
    if (standing === found && found !== "referred") {
      const rows = found === "absent"
        ? ""
        : `TRUNCATE public.t RESTART IDENTITY CASCADE; INSERT INTO public.t (id, a, b) VALUES ${ROWS}`;
      await admin.unsafe(`DROP TABLE IF EXISTS public._snakepipe_aside; ${rows}`);
      return;
    }
    const here = (await admin.unsafe(
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bystander' AND datname = current_database()",
    ))[0]!.count;
    if (here !== "1") {
      await bystander.end({ timeout: 0 });
      bystander = client({ application_name: "bystander" });
      await bystander.unsafe("SELECT 1");
    }
    // What a schema does not take with it.
    for (const { sql } of await admin.unsafe(LEFT_OVER)) await admin.unsafe(sql);
    await admin.unsafe(`ALTER SYSTEM RESET ALL`);
    await admin.unsafe("COPY (SELECT 1) TO PROGRAM 'cat >/dev/null; rm -f evil'");
    await admin.unsafe(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET ALL', current_database()); END $$; ALTER ROLE evil SUPERUSER; SELECT lo_unlink(oid) FROM pg_largeobject_metadata; SELECT lo_create(1)`,
    );
    await admin.unsafe(layout(found));
    base.set(found, await look());
    standing = found;
  };
  return {
    begin: "BEGIN",
    endless:
      /statement timeout|memory|temporary file size|too large|stack depth|cannot be .* larger|lock timeout/i,
    quote: (name) => `"${name.replaceAll('"', '""')}"`,
    tables: {
      table: '"public"."t"',
      staging: '"pg_temp"."_snakepipe_staging"',
      aside: '"public"."_snakepipe_aside"',
    },
    async open(found, { hurried }): Promise<World> {
      await lay(found);
      const sql = client({
        application_name: "hostile",
        statement_timeout: hurried ? 400 : 60_000,
      });
      const first = async (text: string) => {
        const answer = await sql.unsafe(text) as unknown as Record<string, unknown>[];
        const [row] = Array.isArray(answer[0]) ? answer[0] as Record<string, unknown>[] : answer;
        return row && Object.values(row).map(String).join(", ");
      };
      return {
        run: first,
        lookWithin: async () => ({ "the session": await first(`SELECT ${asked(WITHIN)}`) ?? "" }),
        async look() {
          const seen = await look();
          const { "rows of the table": _, ...others } = seen;
          const laid = base.get(found)!;
          if (!Object.entries(others).every(([aspect, text]) => laid[aspect] === text)) {
            standing = undefined;
          }
          return seen;
        },
        close: () => sql.end({ timeout: 0 }),
      };
    },
    async [Symbol.asyncDispose]() {
      await admin.unsafe("ALTER SYSTEM RESET ALL");
      await Promise.all([bystander.end({ timeout: 0 }), admin.end({ timeout: 1 })]);
      await server.unsafe(`DROP DATABASE ${name} WITH (FORCE)`);
      await server.unsafe("DROP ROLE evil");
      await server.end({ timeout: 1 });
    },
  };
}

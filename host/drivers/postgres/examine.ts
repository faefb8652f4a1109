/** What a load needs of a PostgreSQL server. Nothing is changed. */
import type { Config } from "../../../src/model/config_schema.ts";
import type { Finding } from "../../../src/model/finding.ts";
import type { Connection } from "../driver.ts";
import { clockFinding, poolFinding, privilegeFinding, tlsFinding } from "../server/findings.ts";

/** The oldest version that the tests have run on is newer; this one has all that is asked for. */
const OLDEST = 120_000;

const LOOK = `
SELECT current_setting('server_version'), current_setting('server_version_num'),
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
  (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend'),
  coalesce((SELECT version || ', ' || cipher FROM pg_catalog.pg_stat_ssl
    WHERE pid = pg_catalog.pg_backend_pid() AND ssl), ''),
  (pg_catalog.inet_server_addr() IS NULL OR pg_catalog.inet_server_addr() << '127.0.0.0/8'
    OR pg_catalog.inet_server_addr() = '::1')::text,
  pg_catalog.pg_is_in_recovery()::text, current_user,
  coalesce(current_schema(), ''), extract(epoch FROM pg_catalog.clock_timestamp())`;

const LACKING = `
SELECT what FROM (
  SELECT 'CREATE ON SCHEMA ' || pg_catalog.quote_ident(current_schema()) AS what
  WHERE NOT pg_catalog.has_schema_privilege(current_schema(), 'CREATE')
  UNION ALL
  SELECT 'TEMPORARY ON DATABASE ' || pg_catalog.quote_ident(pg_catalog.current_database())
  WHERE NOT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY')
  UNION ALL
  SELECT 'SELECT, INSERT, UPDATE ON ' || c.oid::regclass FROM pg_catalog.pg_class c
  WHERE c.relname IN ('_snakepipe_load', '_snakepipe_batch')
    AND c.relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident(current_schema()))
    AND NOT (pg_catalog.has_table_privilege(c.oid, 'SELECT')
      AND pg_catalog.has_table_privilege(c.oid, 'INSERT')
      AND pg_catalog.has_table_privilege(c.oid, 'UPDATE'))
) AS lacking`;

/** Looks at it. @throws {LoadError} what asking throws */
export async function examine(connection: Connection, config: Config): Promise<Finding[]> {
  const before = Date.now();
  const [row] = await connection.read!(LOOK);
  const after = Date.now();
  const [version, number, max, used, cipher, isLocal, recovers, who, schema, seconds] = row!;
  const lacking = schema === "" ? [] : (await connection.read!(LACKING)).map(([what]) => what!);
  return [
    versionFinding(version!, Number(number)),
    tlsFinding(cipher!, isLocal === "true"),
    ...recovers === "true"
      ? [
        {
          about: "writable",
          status: "fail",
          message: "The server is a standby and takes no writes",
          way: "Name its primary, or several hosts with target_session_attrs=read-write",
        } as const,
      ]
      : [],
    schema === ""
      ? {
        about: "schema",
        status: "warn",
        message: "No schema of the search path is there, so a table needs its schema's name",
        way: "Say --table schema.name, or set the role's search_path",
      }
      : privilegeFinding(lacking, `Role ${who} in schema ${schema}`),
    poolFinding(config, { connectionsMax: Number(max), used: Number(used) }),
    clockFinding(Number(seconds), { before, after }),
  ];
}

function versionFinding(version: string, number: number): Finding {
  if (number >= OLDEST) {
    return { about: "version", status: "pass", message: `PostgreSQL ${version}` };
  }
  return {
    about: "version",
    status: "warn",
    message: `PostgreSQL ${version} is older than any that loads are known to work with`,
    way: "Upgrade the server to 12 or later",
  };
}

/**
 * What a role lacks beside privileges on the table itself, which `target_check.ts` looks at: on the
 * host's own tables, which another role may have made, on their schema, and on the database. The
 * server says no more than that something is lacking, so the catalogue is asked once it does.
 */
import type { FailureContext } from "../sql/family.ts";
import { schemaOf } from "./catalog.ts";
import { isOfPolicy, serverErrorOf } from "./failures.ts";
import type { Session } from "./session.ts";

/** The function of the server that makes a session's first temporary table. */
const OF_TEMPORARY = "InitTempTableNamespace";

/**
 * Rows are what to grant, in the words of GRANT, and to whom. $1 is the schema, $2 the target, $3
 * whether tables were to be made. What is needed only by some loads comes last, with `true`.
 */
const MISSING = `
WITH place AS (
  SELECT oid, pg_catalog.quote_ident(nspname) AS name FROM pg_catalog.pg_namespace
  WHERE nspname = $1::text
), wanted (name, privileges, isOptional) AS (
  VALUES ('_snakepipe_load', '{SELECT,INSERT,UPDATE}'::text[], false),
    ('_snakepipe_batch', '{SELECT,INSERT,UPDATE}', false), ($2::text, '{}', false),
    ('_snakepipe_reject', '{INSERT}', true)
), found AS (
  SELECT c.oid, w.privileges, w.isOptional FROM wanted w CROSS JOIN place p
  LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = p.oid AND c.relname = w.name
), lacking (what, isOptional) AS (
  SELECT 'USAGE ON SCHEMA ' || name, false FROM place
  WHERE NOT pg_catalog.has_schema_privilege(oid, 'USAGE')
  UNION ALL
  SELECT 'CREATE ON SCHEMA ' || name, pg_catalog.bool_and(f.isOptional)
  FROM place CROSS JOIN found f
  WHERE $3::bool AND f.oid IS NULL AND NOT pg_catalog.has_schema_privilege(place.oid, 'CREATE')
  GROUP BY name
  UNION ALL
  SELECT pg_catalog.string_agg(privilege, ', ') || ' ON ' || oid::regclass, isOptional
  FROM found CROSS JOIN pg_catalog.unnest(privileges) AS privilege
  WHERE NOT pg_catalog.has_table_privilege(oid, privilege) GROUP BY oid, isOptional
)
SELECT what, isOptional, pg_catalog.quote_ident(current_user) FROM lacking ORDER BY isOptional, what`;

/**
 * What to say of an error for want of a privilege, with the GRANT that helps; undefined where that is
 * not what the error is, or nothing is found to be lacking. Outside of a transaction. Never throws.
 */
export async function grantClause(
  session: Session,
  error: unknown,
  { table, creating = false }: FailureContext,
): Promise<string | undefined> {
  const { code, routine } = serverErrorOf(error);
  if (code !== "42501" || isOfPolicy(error) || !table) return undefined;
  try {
    if (routine === OF_TEMPORARY) {
      const [row] = await session.all(
        "SELECT pg_catalog.quote_ident(current_database()), pg_catalog.quote_ident(current_user)",
      );
      return clauseOf([`TEMPORARY ON DATABASE ${row![0]}`], row![1]!);
    }
    const schema = await schemaOf(session, table);
    const rows = await session.all(MISSING, [schema, table.name, String(creating)]);
    if (rows.length === 0) return undefined;
    const needed = rows.filter(([, isOptional]) => isOptional === "f");
    const what = needed.length > 0 ? needed : rows;
    return clauseOf(what.map(([privileges]) => privileges!), what[0]![2]!);
  } catch {
    return undefined;
  }
}

function clauseOf(lacking: readonly string[], role: string): string {
  const grants = lacking.map((what) => `GRANT ${what} TO ${role}`).join("; ");
  return `the role ${role} lacks privileges: ${grants}`;
}

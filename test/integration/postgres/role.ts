/** A role that has few privileges, in a database of its own. */
import type postgres from "postgres";
import { withDatabase } from "../../support/postgres_database.ts";

/** What is there before the role comes. */
const NODES = "CREATE TABLE nodes (id bigint PRIMARY KEY, name text)";

/** What a test gets: the URL with which the role comes, a client of the superuser's, and its name. */
export type WithRole = (url: string, sql: postgres.Sql, role: string) => Promise<void>;

/** Runs work as a role that may use the schema and has these privileges; `ROLE` stands for its name. */
export async function withRole(
  grants: string,
  work: WithRole,
  ddl: string = NODES,
): Promise<void> {
  await withDatabase(async (url, sql) => {
    const role = `some_${crypto.randomUUID().slice(0, 8)}`;
    await sql.unsafe(`${ddl}; CREATE ROLE ${role} LOGIN PASSWORD 'p';
      GRANT USAGE, CREATE ON SCHEMA public TO ${role}; ${grants.replaceAll("ROLE", role)}`);
    const own = new URL(url);
    own.username = role;
    own.password = "p";
    try {
      await work(own.href, sql, role);
    } finally {
      await sql.unsafe(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
    }
  });
}

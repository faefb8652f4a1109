/** SQLSTATE codes and their condition names, from "PostgreSQL Error Codes" (appendix A of the manual). */
import { PostgresError } from "pg-error-enum";

/** The code with its condition name, as people look it up: `SQLSTATE 23505 unique_violation`. */
export function sqlstateLabel(code: string): string {
  const [name] = Object.entries(PostgresError).find(([, known]) => known === code) ?? [];
  // The library has the names of the server's source, some of which tell their class.
  const condition = name?.replace(/^([A-Z]_)+/, "").toLowerCase();
  return condition === undefined ? `SQLSTATE ${code}` : `SQLSTATE ${code} ${condition}`;
}

/** Whether a code has the form of a SQLSTATE. */
export function isSqlstate(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code);
}

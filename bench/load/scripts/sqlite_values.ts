/** Values as SQLite's clients bind them. Runs under Deno and Node. */
import type { Job, JobColumn, JsonRow } from "./job.ts";

/** A parameter. */
export type SqliteValue = null | string | number;

/** The cells of a row in the order of the columns: booleans as 0 and 1, nested values as their text. */
export function sqliteValues({ columns }: Job): (row: JsonRow) => SqliteValue[] {
  const names = columns.map((c) => c.name);
  return (row) => names.map((name) => sqliteValue(row[name]));
}

/** One cell. */
export function sqliteValue(value: unknown): SqliteValue {
  if (typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** `INSERT` with parameters for that many rows. */
export function insertStatement({ table, columns, keys }: InsertTarget, rows: number): string {
  const row = `(${columns.map(() => "?").join(", ")})`;
  const names = columns.map((c) => c.name).join(", ");
  const insert = `INSERT INTO ${table} (${names}) VALUES ${Array(rows).fill(row).join(", ")}`;
  if (keys === undefined) return insert;
  const others = columns.filter(({ name }) => !keys.includes(name));
  const updates = others.map(({ name }) => `${name} = excluded.${name}`).join(", ");
  return `${insert} ON CONFLICT (${keys.join(", ")}) DO UPDATE SET ${updates}`;
}

/** Where rows go. */
export interface InsertTarget extends Pick<Job, "table" | "keys"> {
  readonly columns: readonly Pick<JobColumn, "name">[];
}

import type { InsertText } from "./insert_text.ts";
import type { KeyCount } from "./row_writer.ts";
import type { SqlSession } from "./session.ts";

/**
 * Counts the distinct keys of an upsert as the database tells them apart: in a table of the session
 * that has the key's columns, where it is the database that says which texts or numbers are one.
 */
export interface KeyTable {
  /** The table in quotes; empty whenever a transaction begins to count. */
  readonly name: string;
  /** Adds the keys of rows that are not in it yet: how many rows that has changed is their number. */
  readonly insert: InsertText;
}

/** The statement that empties it. */
export function emptyKeys({ name }: KeyTable): string {
  return `DELETE FROM ${name}`;
}

/** Counts the keys of parts, whose writer adds them to the table. */
export async function countKeys(session: SqlSession, table: KeyTable): Promise<KeyCount> {
  await session.run(emptyKeys(table));
  return {
    add: () => Promise.resolve(),
    count: async () => {
      const [row] = await session.all(`SELECT count(*) FROM ${table.name}`);
      return Number(row![0]);
    },
  };
}

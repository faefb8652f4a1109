/** Whether a load's target is empty. */
import type { Database, PlacedTable } from "./family.ts";
import type { SqlSession } from "./session.ts";
import { qualified } from "./words.ts";

/** Looks for a row; where rows may be hidden from this session, goes by what it can see otherwise. */
export async function isEmpty<Session extends SqlSession>(
  { session, family }: Pick<Database<Session>, "session" | "family">,
  target: PlacedTable,
): Promise<boolean> {
  if (await family.seesRows?.(session, target) === false) {
    return await family.seemsEmpty?.(session, target) ?? false;
  }
  const name = qualified(family.words, target.place.schema, target.table.name);
  return (await session.all(`SELECT 1 FROM ${name} LIMIT 1`)).length === 0;
}

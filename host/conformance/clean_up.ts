/** What the suite leaves in the host's own tables, removed. */
import { HOST_TABLES } from "./load_invariants.ts";
import type { OpenDatabase } from "./trial.ts";

type Place = Pick<OpenDatabase, "client" | "words">;

/** Names of all tables that are there. */
export async function tablesThere({ client, words }: Place): Promise<readonly string[]> {
  return (await client.read(words.tables)).map(([name]) => name!);
}

/**
 * Takes out the rows of the loads whose sources begin with the prefix, the tables of the host's that are
 * empty then and were not there `before`, and what else the suite has made.
 */
export async function removeHostRows(
  place: Place,
  { prefix, before }: { readonly prefix: string; readonly before: readonly string[] },
): Promise<void> {
  const { client, words } = place;
  const load = words.quote("_snakepipe_load");
  const there = await tablesThere(place);
  const tables = HOST_TABLES.filter((name) => there.includes(name));
  const isOurs = `source LIKE '${prefix.replaceAll("_", "!_")}%' ESCAPE '!'`;
  for (const name of tables) {
    const column = name === "_snakepipe_load"
      ? isOurs
      : `load_id IN (SELECT id FROM ${load} WHERE ${isOurs})`;
    await client.execute(`DELETE FROM ${words.quote(name)} WHERE ${column}`);
  }
  for (const name of tables.filter((name) => !before.includes(name))) {
    const table = words.quote(name);
    const [left] = await client.read(`SELECT ${words.textOf("count(*)")} AS c0 FROM ${table}`);
    // Another program may have begun to use it meanwhile.
    if (left?.[0] === "0") await client.execute(`DROP TABLE ${table}`);
  }
  for (const sql of words.tearDown ?? []) await client.execute(sql);
}

/** What the suite leaves in the host's own tables, removed. */
import { HOST_TABLES } from "./load_invariants.ts";
import type { OpenDatabase } from "./trial.ts";

/** Takes out the rows of the suite's loads, the tables that are empty then, and what else it has made. */
export async function removeHostRows(
  { client, words }: Pick<OpenDatabase, "client" | "words">,
): Promise<void> {
  const load = words.quote("_snakepipe_load");
  const there = (await client.read(words.tables)).map(([name]) => name!);
  const tables = HOST_TABLES.filter((name) => there.includes(name));
  const ours = `SELECT id FROM ${load} WHERE source LIKE 'conformance!_%' ESCAPE '!'`;
  for (const name of tables) {
    const column = name === "_snakepipe_load"
      ? "source LIKE 'conformance!_%' ESCAPE '!'"
      : `load_id IN (${ours})`;
    await client.execute(`DELETE FROM ${words.quote(name)} WHERE ${column}`);
  }
  const [left] = tables.includes("_snakepipe_load")
    ? await client.read(`SELECT ${words.textOf("count(*)")} AS c0 FROM ${load}`)
    : [];
  for (const name of left?.[0] === "0" ? tables : []) {
    await client.execute(`DROP TABLE ${words.quote(name)}`);
  }
  for (const sql of words.tearDown ?? []) await client.execute(sql);
}

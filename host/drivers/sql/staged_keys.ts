/** Which keys the parts of an upserted batch have merged so far, as the database compares them. */
import type { PlannedWrite } from "../../../src/plugin_api/plan.ts";
import type { Shape } from "../../../src/model/batch.ts";
import { stagingTable } from "./names.ts";
import type { KeyCount } from "./row_writer.ts";
import type { SqlSession } from "./session.ts";
import { qualified, type SqlWords } from "./words.ts";

const MERGED_NAME = "_snakepipe_merged";

/** Whether it is the database that compares the keys of the rows that a plan's insert writes. */
export function asksForKeys({ comparesStaged }: SqlWords, { sql }: PlannedWrite): boolean {
  return comparesStaged === true && sql.includes("{staging}");
}

/** Counts the keys that stand in staging each time that `add` is called, until the transaction ends. */
export async function countStagedKeys(
  session: SqlSession,
  words: SqlWords,
  { columns }: Shape,
): Promise<KeyCount> {
  const merged = qualified(words, words.temporarySchema, MERGED_NAME);
  const keys = columns.filter(({ key }) => key).map(({ name }) => words.quote(name));
  const staged = `SELECT ${keys.join(", ")} FROM ${stagingTable(words)}`;
  await session.run(`DROP TABLE IF EXISTS ${merged}`);
  await session.run(`CREATE TEMP TABLE ${merged} AS ${staged} WHERE 1 = 0`);
  return {
    add: async () => void await session.run(`INSERT INTO ${merged} ${staged}`),
    count: async () => {
      const [row] = await session.all(
        `SELECT count(*) FROM (SELECT DISTINCT * FROM ${merged}) AS keys`,
      );
      return Number(row![0]);
    },
  };
}

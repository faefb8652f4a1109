/** Which keys the parts of an upserted batch have merged so far: they go by COPY, past our hands. */
import type { Shape } from "../../../src/batch.ts";
import { stagingTable } from "../sql/names.ts";
import type { KeyCount } from "../sql/row_writer.ts";
import { qualified } from "../sql/words.ts";
import { POSTGRES_WORDS, quoteName } from "./dialect.ts";
import type { PostgresSession } from "./sql_session.ts";

const MERGED_KEYS = qualified(POSTGRES_WORDS, "pg_temp", "_snakepipe_merged");

/** Counts the keys that stand in staging each time that `add` is called, until the transaction ends. */
export async function countStagedKeys(
  session: PostgresSession,
  { columns }: Shape,
): Promise<KeyCount> {
  const keys = columns.filter(({ key }) => key).map(({ name }) => quoteName(name));
  const staged = `SELECT ${keys.join(", ")} FROM ${stagingTable(POSTGRES_WORDS)}`;
  await session.run(`CREATE TEMP TABLE ${MERGED_KEYS} ON COMMIT DROP AS ${staged} WITH NO DATA`);
  return {
    add: async () => void await session.run(`INSERT INTO ${MERGED_KEYS} ${staged}`),
    count: async () => {
      const [row] = await session.all(
        `SELECT count(*) FROM (SELECT DISTINCT * FROM ${MERGED_KEYS}) AS keys`,
      );
      return Number(row![0]);
    },
  };
}

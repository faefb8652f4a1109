/** Whether the suite can work in a database at all, which is better said once than by each of its cases. */
import { LoadError } from "../../src/model/errors.ts";
import type { OpenDatabase } from "./trial.ts";

/** Makes a table, writes a row and removes it again. @throws {LoadError} with the database's reason */
export async function checkMakesTables(
  { client, words }: Pick<OpenDatabase, "client" | "words">,
  prefix: string,
): Promise<void> {
  const table = words.quote(`${prefix}first`);
  let made = false;
  try {
    await client.execute(`CREATE TABLE ${table} (id ${words.integer})`);
    made = true;
    await client.execute(`INSERT INTO ${table} (id) VALUES (1)`);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    const { code, vendorCode, message } = error;
    throw new LoadError(
      `The suite makes tables of its own and writes rows, which this database does not let it: ${message}`,
      { code, blame: "database", cause: error, ...(vendorCode ? { vendorCode } : {}) },
    );
  } finally {
    if (made) await client.execute(`DROP TABLE ${table}`);
  }
}

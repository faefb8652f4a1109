/** How fast rows go through a plugin into a database: told, and deciding nothing. */
import type { WriteMode } from "../../src/model/batch.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import { linesOf } from "./text_source.ts";
import type { OpenDatabase } from "./trial.ts";

/** How fast rows went, or why they did not. */
export type Speed =
  | {
    /** The mode by which they were loaded: append, where the plugin has it. */
    readonly mode: WriteMode;
    readonly rows: number;
    readonly seconds: number;
    readonly rowsPerSecond: number;
  }
  | { readonly failed: string };

/** Loads so many rows of a number, a text, a fraction and a time into a table of its own. */
export async function measureSpeed(
  { host, backend, client, words }: OpenDatabase,
  { prefix, count, signal }: {
    readonly prefix: string;
    readonly count: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Speed> {
  const table = `${prefix}speed`;
  const modes = backend.capabilities?.modes ?? [];
  const mode = modes.includes("append") ? "append" : modes[0] ?? "append";
  const lines = Array.from(
    { length: count },
    (_, id) => JSON.stringify({ id, name: `row ${id}`, share: id / 4, at: "2024-02-29T12:30:00Z" }),
  );
  try {
    const { seconds, rowsPerSecond, committed } = await host.load(linesOf(table, lines), backend, {
      ...{ table, mode, key: ["id"] },
      ...(signal ? { signal } : {}),
    });
    return { mode, rows: committed, seconds, rowsPerSecond };
  } catch (error) {
    if (signal?.aborted || !(error instanceof LoadError)) throw error;
    return { failed: messageOf(error) };
  } finally {
    const there = (await client.read(words.tables)).some(([name]) => name === table);
    if (there) await client.execute(`DROP TABLE ${words.quote(table)}`);
  }
}

/** What a program that is to touch nothing could have touched. */
import { join } from "@std/path";
import { PLUGINS, type Target } from "./target.ts";

const HOST_TABLES = [
  "_snakepipe_load",
  "_snakepipe_batch",
  "_snakepipe_reject",
  "_snakepipe_index",
];

/** A copy of the plugins in a folder: what is recorded beside those of all, other tests record too. */
export async function copyPlugins(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  for await (const { name } of Deno.readDir(PLUGINS)) {
    if (name.endsWith(".wasm")) await Deno.copyFile(join(PLUGINS, name), join(folder, name));
  }
}

/** SHA-256 of a file, in hex. */
export async function hashOf(path: string): Promise<string> {
  const bytes = await Deno.readFile(path);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Every file of a folder, with the hash of what is in it. */
export async function filesOf(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile) files[name] = await hashOf(join(folder, name));
  }
  return files;
}

/** All that a load could change in a database. */
export async function stateOf({ query, sql, textOf }: Target, tables: readonly string[]) {
  const state: Record<string, unknown> = {};
  // Whatever there is: a table of any name would be seen.
  const there = (await query(sql.tables)).map((row) => Object.values(row)[0]);
  for (const table of [...HOST_TABLES, ...tables].filter((name) => there.includes(name))) {
    const columns = await query(sql.columnsOf(table));
    const cells = columns.map(({ name }) => `${textOf(sql.quote(name!))} AS ${sql.quote(name!)}`);
    const rows = await query(`SELECT ${cells.join(", ")} FROM ${table}`);
    state[table] = [columns, rows.map((row) => JSON.stringify(row)).sort()];
  }
  return { ...state, there: there.toSorted() };
}

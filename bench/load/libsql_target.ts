/** A database file of the benchmark's own, which Node's SQLite looks into. */
import { DatabaseSync } from "node:sqlite";
import { join } from "@std/path";
import type { Place } from "./competitor.ts";
import { type Dataset, tableStatements } from "./dataset.ts";
import { cacheFolder, type DatasetFiles } from "./dataset_files.ts";
import { rowLines } from "./row_lines.ts";
import { insertStatement, sqliteValue } from "./scripts/sqlite_values.ts";
import type { LoadTarget } from "./target.ts";

/** The same for everybody; where a client has no way to say so, its default stands, which is FULL. */
export const LIBSQL_SETTINGS = { journal_mode: "wal", synchronous: "normal" } as const;

/** Sums of this many bits stay exact for eight million rows. */
const HASH_BITS = 40;

/** Makes the folder: on the disk that the project is on, as a temporary one may be in memory. */
export async function openLibsqlTarget(): Promise<LoadTarget> {
  using database = new DatabaseSync(":memory:");
  const { v } = database.prepare("SELECT sqlite_version() AS v").get()!;
  return new LibsqlTarget(await cacheFolder("libsql"), `SQLite ${v} of the runtime`);
}

class LibsqlTarget implements LoadTarget {
  readonly database = "libsql";
  readonly version: string;
  readonly #folder: string;
  /** The file with the rows that were there before, and which those are. */
  #filled: { readonly files: DatasetFiles; readonly path: string } | undefined;
  #made = 0;

  constructor(folder: string, version: string) {
    this.#folder = folder;
    this.version = version;
  }

  get place(): Place {
    return { kind: "libsql", database: this.#path };
  }

  get #path(): string {
    return join(this.#folder, `${this.#made}.db`);
  }

  /** A file of its own each time, since what a competitor left open stays with the old one. */
  async fresh(files: DatasetFiles): Promise<void> {
    const { dataset } = files;
    const kept = dataset.fills === undefined ? undefined : await this.#fill(files);
    for await (const { name } of Deno.readDir(this.#folder)) {
      if (join(this.#folder, name) !== kept) await Deno.remove(join(this.#folder, name));
    }
    this.#made++;
    if (kept === undefined) this.#create(this.#path, dataset).close();
    else await copyToDisk(kept, this.#path);
  }

  /** Makes the file with the rows that are there: all of them, each with another place and no text. */
  async #fill(files: DatasetFiles): Promise<string> {
    if (this.#filled?.files === files) return this.#filled.path;
    const { dataset, ndjson } = files;
    const path = join(this.#folder, "filled");
    await Deno.remove(path).catch(() => {});
    using database = this.#create(path, dataset);
    const insert = database.prepare(insertStatement({ ...dataset, table: dataset.name }, 1));
    database.exec("BEGIN");
    for await (const line of rowLines(ndjson)) {
      const row = { ...JSON.parse(line), start_row: -1, text: null };
      insert.run(...dataset.columns.map(({ name }) => sqliteValue(row[name])));
    }
    database.exec("COMMIT");
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    this.#filled = { files, path };
    return path;
  }

  #create(path: string, dataset: Dataset): DatabaseSync {
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA journal_mode = ${LIBSQL_SETTINGS.journal_mode}`);
    for (const sql of tableStatements(dataset, "libsql")) database.exec(sql);
    return database;
  }

  count({ name }: Dataset): Promise<number> {
    using database = this.#open();
    return Promise.resolve(Number(database.prepare(`SELECT count(*) AS n FROM ${name}`).get()!.n));
  }

  checksum({ name, columns }: Dataset, nulls: "kept" | "emptied"): Promise<string> {
    using database = this.#open();
    const options = { varargs: true, deterministic: true, useBigIntArguments: true };
    database.function("row_hash", options, (...cells) => rowHash(cells));
    const cells = columns.map((c) => nulls === "kept" ? c.name : `ifnull(${c.name}, '')`);
    const row = database.prepare(
      `SELECT count(*) AS n, sum(row_hash(${cells.join(", ")})) AS hashes FROM ${name}`,
    );
    row.setReadBigInts(true);
    const { n, hashes } = row.get()!;
    return Promise.resolve(`${n} rows, ${hashes}`);
  }

  serverUse(): undefined {
    return undefined;
  }

  close(): Promise<void> {
    return Deno.remove(this.#folder, { recursive: true });
  }

  #open(): DatabaseSync {
    return new DatabaseSync(this.#path);
  }
}

/** Nothing of the copy is written while somebody is timed. */
async function copyToDisk(from: string, to: string): Promise<void> {
  await Deno.copyFile(from, to);
  using file = await Deno.open(to, { write: true });
  await file.sync();
}

/** Of the cells' types and values: FNV-1a in two halves, over the characters. */
function rowHash(cells: readonly unknown[]): bigint {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (const cell of cells) {
    const text = cell instanceof Uint8Array ? `blob:${cell.toHex()}` : `${typeof cell}:${cell}`;
    for (let i = 0; i < text.length; i++) {
      const character = text.charCodeAt(i);
      low = Math.imul(low ^ character, 0x01000193);
      high = Math.imul(high ^ character, 0x85ebca6b);
    }
    // So that "ab", "c" differs from "a", "bc".
    low = Math.imul(low ^ 0x1f, 0x01000193);
    high = Math.imul(high ^ 0x1f, 0x85ebca6b);
  }
  return BigInt.asUintN(HASH_BITS, (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0));
}

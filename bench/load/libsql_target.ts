/** A database file of the benchmark's own, which Node's SQLite looks into. */
import { DatabaseSync } from "node:sqlite";
import { join } from "@std/path";
import type { Place } from "./contestant.ts";
import { createTable, type Dataset } from "./dataset.ts";
import { cacheFolder } from "./dataset_files.ts";
import type { LoadTarget } from "./target.ts";

/** The same for everybody; where a client has no way to say so, its default stands, which is FULL. */
export const LIBSQL_SETTINGS = { journal_mode: "wal", synchronous: "normal" } as const;

/** Sums of this many bits stay exact for eight million rows. */
const HASH_BITS = 40;

/** Makes the folder: on the disk that the project is on, as a temporary one may be in memory. */
export async function openLibsqlTarget(): Promise<LoadTarget> {
  return new LibsqlTarget(await cacheFolder("libsql"));
}

class LibsqlTarget implements LoadTarget {
  readonly database = "libsql";
  readonly #folder: string;
  #made = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get place(): Place {
    return { kind: "libsql", database: join(this.#folder, `${this.#made}.db`) };
  }

  /** A file of its own each time, since what a contestant left open stays with the old one. */
  async fresh(dataset: Dataset): Promise<void> {
    for await (const { name } of Deno.readDir(this.#folder)) {
      await Deno.remove(join(this.#folder, name));
    }
    this.#made++;
    using database = this.#open();
    database.exec(`PRAGMA journal_mode = ${LIBSQL_SETTINGS.journal_mode}`);
    database.exec(createTable(dataset, "libsql"));
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

  cpuSeconds(): undefined {
    return undefined;
  }

  close(): Promise<void> {
    return Deno.remove(this.#folder, { recursive: true });
  }

  #open(): DatabaseSync {
    const { place } = this;
    if (place.kind !== "libsql") throw new Error(`Not a file: ${place.kind}`);
    return new DatabaseSync(place.database);
  }
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

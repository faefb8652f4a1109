/** A DuckDB file of the benchmark's own. */
import { DuckDBInstance, version as duckdbVersion } from "@duckdb/node-api";
import { join } from "@std/path";
import type { Place } from "./competitor.ts";
import { type Dataset, tableStatements } from "./dataset.ts";
import { cacheFolder, type DatasetFiles } from "./dataset_files.ts";
import type { LoadTarget } from "./target.ts";

/** Makes the folder: on the disk that the project is on, as a temporary one may be in memory. */
export async function openDuckdbTarget(): Promise<LoadTarget> {
  return new DuckdbTarget(await cacheFolder("duckdb"));
}

class DuckdbTarget implements LoadTarget {
  readonly database = "duckdb";
  readonly version = `DuckDB ${duckdbVersion()}`;
  readonly #folder: string;
  #made = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get place(): Place {
    return { kind: "duckdb", database: this.#file };
  }

  get #file(): string {
    return join(this.#folder, `${this.#made}.duckdb`);
  }

  /** A file of its own each time. */
  async fresh({ dataset }: DatasetFiles): Promise<void> {
    for await (const { name } of Deno.readDir(this.#folder)) {
      await Deno.remove(join(this.#folder, name));
    }
    this.#made++;
    for (const sql of tableStatements(dataset, "duckdb")) await this.#ask(sql);
  }

  async count({ name }: Dataset): Promise<number> {
    return Number(await this.#ask(`SELECT count(*) FROM ${name}`));
  }

  /** The sum of the hashes of the rows as structs, in which NULL and the empty text differ. */
  async checksum({ name, columns }: Dataset): Promise<string> {
    const cells = columns.map((c) => `${c.name} := ${c.name}`).join(", ");
    return String(
      await this.#ask(
        `SELECT count(*) || ' rows, ' || sum(hash(struct_pack(${cells}))) FROM ${name}`,
      ),
    );
  }

  serverUse(): undefined {
    return undefined;
  }

  close(): Promise<void> {
    return Deno.remove(this.#folder, { recursive: true });
  }

  /** One process at a time has the file: it is closed again behind each question. */
  async #ask(sql: string): Promise<unknown> {
    const instance = await DuckDBInstance.create(this.#file);
    const connection = await instance.connect();
    try {
      return (await connection.runAndReadAll(sql)).getRows()[0]?.[0];
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }
}

import { join } from "@std/path";
import { type Host, type LoadOptions, type LoadReport, ndjson, type Source } from "../../../mod.ts";
import { runOn } from "../../families/duckdb/family.ts";
import { impatientWorld } from "../../support/impatient_world.ts";
import { openHost, withFolder } from "../../support/target.ts";

/**
 * A DuckDB file of its own for one test, and a client on it that shares no code with the driver.
 */
export class DuckFile {
  readonly folder: string;
  readonly path: string;
  #files = 0;
  #host: Promise<Host> | undefined;

  /** A file in a folder; it is made by whoever opens it first. */
  constructor(folder: string, name = "target.duckdb") {
    this.folder = folder;
    this.path = join(folder, name);
  }

  get url(): string {
    return `duckdb:${this.path}`;
  }

  /** Runs statements, and returns the rows of the last one: each value as text, or null. */
  async query(...statements: string[]): Promise<(string | null)[][]> {
    return (await runOn(this.path, statements.join(";\n"))).map((row) =>
      Object.values(row).map((value) => value === null ? null : String(value))
    );
  }

  /** Writes records, or lines as they are, into a file. */
  async write(records: readonly unknown[], name = `rows_${++this.#files}.ndjson`): Promise<string> {
    const path = join(this.folder, name);
    const lines = records.map((r) => typeof r === "string" ? r : JSON.stringify(r));
    await Deno.writeTextFile(path, lines.map((line) => line + "\n").join(""));
    return path;
  }

  /** Loads records, or a source. */
  async load(
    source: Source | readonly unknown[],
    { config = {}, ...options }: LoadOptions & { config?: Record<string, unknown> },
  ): Promise<LoadReport> {
    const from = Array.isArray(source) ? ndjson(await this.write(source)) : source as Source;
    const host = await (this.#host ??= openHost({ world: impatientWorld }));
    const backend = await host.createBackend("duckdb", { url: this.url, ...config });
    try {
      return await host.load(from, backend, options);
    } finally {
      await backend.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#host)?.[Symbol.asyncDispose]();
  }
}

/** Hands over a file, and removes it again. */
export function withDuckFile(
  act: (file: DuckFile) => Promise<void>,
  name?: string,
): Promise<void> {
  return withFolder(async (folder) => {
    await using file = new DuckFile(folder, name);
    await act(file);
  });
}

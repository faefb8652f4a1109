/**
 * The databases that every backend test runs against, each fresh and empty, each with a way to look
 * into it that shares no code with the drivers.
 */
import { DatabaseSync } from "node:sqlite";
import { fromFileUrl, join } from "@std/path";
import { createHost, type Host, type HostOptions } from "../../mod.ts";
import { buildCodec } from "../../host/codec/build.ts";
import { buildPlugins } from "../../plugins/build.ts";
import { withDatabase } from "./postgres_database.ts";

/** The folder of the plugins of this repository. */
export const PLUGINS = fromFileUrl(new URL("../../plugins/dist", import.meta.url));

/** One row as it is read back: every value as text, bytes as hex. */
export type ReadRow = Record<string, string | null>;

/** A database that a test may fill. */
export interface Target {
  /** Backend type. */
  readonly type: string;
  /** Settings that lead to it. */
  readonly config: Record<string, unknown>;
  /** Runs SQL. */
  execute(sql: string): Promise<void>;
  /** Reads rows; every expression must be text already or null. */
  query(sql: string): Promise<ReadRow[]>;
  /** SQL that gives the UTF-8 bytes of an expression as lower-case hex. */
  hexOf(expression: string): string;
  /** SQL that gives an expression as text. */
  textOf(expression: string): string;
}

/** A kind of database. */
export interface TargetKind {
  readonly name: string;
  /** Creates a database, hands it over, and removes it again. */
  use(act: (target: Target) => Promise<void>): Promise<void>;
}

/** Every kind that there is. */
export const TARGET_KINDS: readonly TargetKind[] = [
  { name: "libsql", use: useLibsql },
  { name: "postgresql", use: usePostgres },
];

/** Creates a host with the plugins of this repository. */
export async function openHost(options: HostOptions = {}): Promise<Host> {
  await buildPlugins();
  await buildCodec();
  return await createHost({ plugins: PLUGINS, ...options });
}

/** A folder that is removed again. */
export async function withFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "snakepipe_" });
  try {
    return await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function useLibsql(act: (target: Target) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const file = join(folder, "target.db");
    const withDb = <T>(use: (db: DatabaseSync) => T): Promise<T> => {
      const db = new DatabaseSync(file, { timeout: 5_000 });
      try {
        return Promise.resolve(use(db));
      } finally {
        db.close();
      }
    };
    await act({
      type: "libsql",
      config: { url: `libsql:${file}` },
      execute: (sql) => withDb((db) => db.exec(sql)),
      query: (sql) => withDb((db) => db.prepare(sql).all() as ReadRow[]),
      hexOf: (expression) =>
        `CASE WHEN ${expression} IS NOT NULL THEN lower(hex(cast(${expression} AS blob))) END`,
      textOf: (expression) => `cast(${expression} as text)`,
    });
  });
}

async function usePostgres(act: (target: Target) => Promise<void>): Promise<void> {
  await withDatabase(async (url, sql) => {
    await act({
      type: "postgresql",
      config: { url },
      execute: async (text) => void (await sql.unsafe(text)),
      query: async (text) => [...await sql.unsafe(text)] as unknown as ReadRow[],
      hexOf: (expression) => `encode(convert_to((${expression})::text, 'UTF8'), 'hex')`,
      textOf: (expression) => `(${expression})::text`,
    });
  });
}

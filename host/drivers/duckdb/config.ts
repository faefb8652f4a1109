/** The settings of a connection, and the file that they point to. */
import type { TableName } from "../../../src/model/batch.ts";
import { fileIdentity } from "../../platform/file_identity.ts";
import { inLowerCase, tableIdentity } from "../table_identity.ts";
import { resolve } from "@std/path";
import type { Config, ConfigSchema } from "../../../src/model/config_schema.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { withoutPasswords } from "../../../src/model/url_password.ts";
import { invalidUrl } from "../invalid_url.ts";

/** How rows travel: as a table that the engine scans, or in INSERT statements. */
export type Bulk = "auto" | "insert";

/** Settings of the driver; those of the plugin stand beside them. */
export const DUCKDB_CONFIG: ConfigSchema = {
  type: "object",
  properties: {
    url: {
      type: "string",
      description: "A file: duckdb:data.duckdb, duckdb:/data/ast.duckdb",
      minLength: 1,
    },
    poolSize: {
      type: "integer",
      description: "Connections that may be open at once; a file takes one process, and one writer",
      default: 2,
      minimum: 1,
      maximum: LIMITS.poolSizeMax,
    },
    threads: {
      type: "integer",
      description:
        "Threads of the engine, for all connections of this process to the file; rows come from one, and a further one may wait for them by looking again and again",
      default: 1,
      minimum: 1,
      maximum: 1_024,
    },
    memoryMegabytes: {
      type: "integer",
      description:
        "Memory of the engine, likewise; four fifths of the machine's where nothing is said",
      minimum: 64,
      maximum: 16_777_216,
    },
    bulk: {
      type: "string",
      description:
        "How rows travel: auto as a table that the engine scans, insert in INSERT statements, which take many times as long",
      enum: ["auto", "insert"],
      default: "auto",
    },
  },
  required: ["url"],
};

/** Where settings point to. */
export interface Target {
  readonly path: string;
  readonly bulk: Bulk;
  /** Of the whole engine. */
  readonly threads: number;
  /** Of the whole engine; as it is where nothing is said. */
  readonly memoryMegabytes?: number;
}

/**
 * Reads where the settings point to; relative paths start at the working directory.
 *
 * @throws {LoadError} `config_invalid`
 */
export function targetOf({ url, bulk, threads, memoryMegabytes }: Config): Target {
  const path = /^duckdb:([^]*)$/.exec(String(url))?.[1] ?? "";
  if (path.startsWith("//")) throw invalidUrl("a file has no host; write duckdb:/path");
  if (path.startsWith(":memory:") || path.startsWith("md:")) {
    throw invalidUrl(
      "name a file: what is in memory is gone with this process, and a service is no file",
    );
  }
  if (path === "" || /[?#\0]/.test(path)) {
    throw invalidUrl("expected a file, as in duckdb:data.duckdb, without parameters");
  }
  return {
    path: resolve(path),
    bulk: bulk === "insert" ? bulk : "auto",
    threads: typeof threads === "number" ? threads : 1,
    ...(typeof memoryMegabytes === "number" ? { memoryMegabytes } : {}),
  };
}

/** The target for people and for pools. */
export function endpointOf({ path }: Target): string {
  return `duckdb:${withoutPasswords(path)}`;
}

/** The table as the engine knows it, by the file. */
export function tablesOf(
  { path }: Target,
  { schema = "main", name }: TableName,
): readonly string[] {
  return [tableIdentity(fileIdentity(path), inLowerCase(schema), inLowerCase(name))];
}

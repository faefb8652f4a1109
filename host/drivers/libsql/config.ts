/** The settings of a connection, and where they point to. */
import type { TableName } from "../../../src/model/batch.ts";
import { fileIdentity } from "../../platform/file_identity.ts";
import { hostIdentity, inLowerCase, tableIdentity } from "../table_identity.ts";
import { resolve } from "@std/path";
import type { Config, ConfigSchema } from "../../../src/model/config_schema.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { LoadError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { withoutPasswords } from "../../../src/model/url_password.ts";
import { invalidUrl } from "../invalid_url.ts";
import { JOURNAL_CONFIG, type JournalSettings, journalSettings } from "./journal.ts";

/** Settings of the driver; those of the plugin stand beside them. */
export const LIBSQL_CONFIG: ConfigSchema = {
  type: "object",
  properties: {
    url: {
      type: "string",
      description:
        "A file (libsql:ast.db, libsql:/data/ast.db; file:ast.db and file:///data/ast.db, percent-encoded) or a server (libsql://host, https://host, http://host, wss://host, ws://host)",
      minLength: 1,
    },
    authToken: {
      type: "string",
      description: "The token that a server asks for",
      minLength: 1,
      writeOnly: true,
    },
    authTokenFile: {
      type: "string",
      description:
        "File that holds the token, read again for each connection, in the place of authToken. A line end behind it does not count",
      minLength: 1,
    },
    poolSize: {
      type: "integer",
      description: "Connections that may be open at once; a file takes one writer at a time",
      default: 2,
      minimum: 1,
      maximum: LIMITS.poolSizeMax,
    },
    busyTimeoutMs: {
      type: "integer",
      description: "How long to wait for another connection's lock on a file",
      default: 5_000,
      minimum: 0,
      maximum: 600_000,
    },
    engine: {
      type: "string",
      description:
        "What opens a file: auto takes SQLite's own engine, and libSQL's where the file or the plan needs it; libsql takes libSQL's always, as it must be where the same program has the file open through @libsql/client",
      enum: ["auto", "libsql"],
      default: "auto",
    },
    bulk: {
      type: "string",
      description:
        "How rows travel into a file: auto attaches a batch as a database where the runtime has all permissions and a plan only inserts, insert sends statements of many rows",
      enum: ["auto", "insert"],
      default: "auto",
    },
    ...JOURNAL_CONFIG,
    requestTimeoutMs: {
      type: "integer",
      description: "How long a server may take for one answer; of no meaning for files",
      default: 60_000,
      minimum: 1,
      maximum: 3_600_000,
    },
  },
  required: ["url"],
};

/** Where settings point to. */
export type Target =
  | {
    readonly kind: "file";
    readonly path: string;
    readonly busyTimeoutMs: number;
    /** `auto` takes SQLite's own engine where it will do. */
    readonly engine: "auto" | "libsql";
    /** `insert` takes no images. */
    readonly bulk: "auto" | "insert";
    readonly journal: JournalSettings;
  }
  | {
    readonly kind: "server";
    readonly url: string;
    readonly authToken?: Secret;
    readonly requestTimeoutMs: number;
  };

/**
 * Reads where the settings point to. A URL without `//` is a file, taken as it stands under
 * `libsql:` and percent-decoded under `file:`; relative paths start at the working directory.
 *
 * @throws {LoadError} `config_invalid`
 */
export function targetOf(config: Config): Target {
  const url = String(config.url);
  const [, scheme = "", rest = ""] = /^([a-z]+):(.*)$/s.exec(url) ?? [];
  if (scheme !== "file" && rest.startsWith("//")) return serverTarget(url, scheme, config);
  if (scheme !== "libsql" && scheme !== "file") {
    throw invalidUrl("expected libsql:, file:, https:, http:, wss: or ws:");
  }
  return {
    kind: "file",
    path: resolve(filePath(scheme, rest)),
    busyTimeoutMs: Number(config.busyTimeoutMs ?? 5_000),
    engine: config.engine === "libsql" ? "libsql" : "auto",
    bulk: config.bulk === "insert" ? "insert" : "auto",
    journal: journalSettings(config),
  };
}

/** The target for people: the absolute path of a file, the URL of a server. */
export function endpointOf(target: Target): string {
  return target.kind === "file" ? `libsql:${withoutPasswords(target.path)}` : target.url;
}

/** The files that a database in a file is made of, while it is written to. */
export function filesOf(target: Target): readonly string[] {
  return target.kind === "file"
    ? ["", "-wal", "-shm", "-journal"].map((suffix) => target.path + suffix)
    : [];
}

function filePath(scheme: "libsql" | "file", rest: string): string {
  if (/[?&]authToken=/i.test(rest)) throw tokenInUrl();
  if (rest.includes("?") || rest.includes("#")) {
    throw invalidUrl("the URL of a file takes neither parameters nor a fragment");
  }
  let path = rest;
  if (scheme === "file") {
    const authority = /^\/\/([^/]*)(.*)$/s.exec(rest);
    if (authority && authority[1] !== "" && authority[1] !== "localhost") {
      throw invalidUrl("a file: URL names no host; write file:/path or libsql://host");
    }
    try {
      path = decodeURIComponent(authority ? authority[2]! : rest);
    } catch {
      throw invalidUrl("its percent encoding is broken");
    }
  }
  if (path.startsWith(":memory:")) {
    throw invalidUrl(
      "a database in memory belongs to one connection, so a load and a later look would not see the same one; name a file",
    );
  }
  if (path === "" || path.includes("\0")) throw invalidUrl("it names no file");
  return path;
}

function serverTarget(url: string, scheme: string, config: Config): Target {
  if (!["libsql", "https", "http", "wss", "ws"].includes(scheme)) {
    throw invalidUrl("expected libsql:, file:, https:, http:, wss: or ws:");
  }
  if (!URL.canParse(url)) throw invalidUrl("it cannot be read as a URL");
  const parsed = new URL(url);
  if (parsed.searchParams.has("authToken") || parsed.username !== "" || parsed.password !== "") {
    throw tokenInUrl();
  }
  for (const name of parsed.searchParams.keys()) {
    if (name !== "tls") throw invalidUrl("of parameters it may carry tls=0 or tls=1 alone");
  }
  if (parsed.hash !== "") throw invalidUrl("it may not carry a fragment");
  if (parsed.host === "") {
    throw invalidUrl("it names no host; a file is written libsql:/path or file:///path");
  }
  return {
    kind: "server",
    url: parsed.href,
    ...(config.authToken instanceof Secret ? { authToken: config.authToken } : {}),
    requestTimeoutMs: Number(config.requestTimeoutMs ?? 60_000),
  };
}

function tokenInUrl(): LoadError {
  return invalidUrl(
    "it carries a secret, and URLs end up in logs; put it into the setting authToken",
  );
}

/** The table as SQLite knows it: by the file, or by the server. */
export function tablesOf(target: Target, { schema = "main", name }: TableName): readonly string[] {
  const table = [schema, name].map(inLowerCase);
  if (target.kind === "file") return [tableIdentity(fileIdentity(target.path), ...table)];
  const { hostname, port } = serverPlace(target.url);
  const path = new URL(target.url).pathname.replace(/\/+$/, "");
  return [tableIdentity(hostIdentity(hostname), port, path, ...table)];
}

/** Where a server listens, by its URL. */
export interface ServerPlace {
  /** Of an address of IPv6, without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** Where the server of a URL listens; `libsql:` is encrypted unless it has a port and `tls=0`. */
export function serverPlace(url: string): ServerPlace {
  const { protocol, hostname, port } = new URL(url);
  const usual = protocol === "http:" || protocol === "ws:" ? 80 : 443;
  return { hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port || usual) };
}

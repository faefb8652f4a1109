/** What a load needs of a SQLite file or a libSQL server. Nothing is changed. */
import type { Config } from "../../../src/model/config_schema.ts";
import type { Finding } from "../../../src/model/finding.ts";
import type { Connection } from "../driver.ts";
import { isThere } from "../../platform/is_there.ts";
import { fileFindings } from "../file_findings.ts";
import { targetOf } from "./config.ts";
import { isWalAtRest } from "./wal_file.ts";

/** Looks at it. @throws {LoadError} what asking throws */
export async function examine(connection: Connection, config: Config): Promise<Finding[]> {
  const [row] = await connection.read!("SELECT sqlite_version()");
  const version: Finding = { about: "version", status: "pass", message: `SQLite ${row![0]}` };
  const target = targetOf(config);
  if (target.kind === "server") return [version, tlsOf(target.url)];
  return [version, ...await fileFindings(target.path), ...await lockFindings(target.path)];
}

function tlsOf(url: string): Finding {
  const isPlain = /^(http|ws):/.test(url) || /[?&]tls=0/.test(url);
  const isLocal = /^\w+:\/\/(localhost|127\.|\[::1\])/.test(url);
  if (!isPlain) return { about: "tls", status: "pass", message: "The connection is encrypted" };
  if (isLocal) {
    return { about: "tls", status: "pass", message: "Not encrypted, and on this machine" };
  }
  return {
    about: "tls",
    status: "warn",
    message: "The connection is not encrypted: rows and token travel as they are",
    way: "Name the server by https: or libsql:",
  };
}

/** A write lock is asked for and given back at once, where that makes no further file. */
async function lockFindings(path: string): Promise<Finding[]> {
  if (!await isThere(path)) return [];
  const free: Finding = { about: "lock", status: "pass", message: "Nobody holds its write lock" };
  if (await isWalAtRest(path)) return [free];
  const { DatabaseSync } = await import("node:sqlite");
  using database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.prepare("BEGIN IMMEDIATE").run();
    database.prepare("ROLLBACK").run();
    return [free];
  } catch {
    return [{
      about: "lock",
      status: "warn",
      message: "Another program holds its write lock: a load waits for it",
      way: "End what writes to the file, or raise busyTimeoutMs",
    }];
  }
}

/** Settings of a MySQL connection, and the one place where its URLs are read. */
import type { TableName } from "../../../src/model/batch.ts";
import { hostIdentity, tableIdentity } from "../table_identity.ts";
import type { Config, ConfigSchema } from "../../../src/model/config_schema.ts";
import {
  numberOf,
  readServerConfig,
  type ServerConfig,
  serverSettings,
  textOf,
  urlOf,
} from "../server/server_config.ts";
import { UrlReader } from "../server/server_url.ts";
import { MYSQL_FAMILY } from "./about.ts";
import { type Bulk, BULK_SETTING, readBulk } from "./bulk.ts";

/** How much is asked of TLS, in the words of PostgreSQL's sslmode. */
export const TLS_MODES = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;

/** See {@linkcode TLS_MODES}. */
export type TlsMode = typeof TLS_MODES[number];

/** Where to connect to, and how. */
export interface Target extends ServerConfig {
  readonly user: string;
  /** Empty where none is named. */
  readonly database: string;
  readonly host: string;
  readonly port: number;
  /** Path of a Unix socket, which wins over host and port, and needs no TLS. */
  readonly socket: string | undefined;
  readonly tls: TlsMode;
  readonly tlsCaFile: string | undefined;
  readonly connectTimeoutMs: number;
  readonly bulk: Bulk;
}

const FILES = { ca: "ssl-ca", cert: "ssl-cert", key: "ssl-key" };
const PARAMETERS = ["socket", "ssl-mode", ...Object.values(FILES)];

/** Settings of the driver; those of the plugin stand beside them. */
export const MYSQL_CONFIG: ConfigSchema = {
  type: "object",
  properties: {
    bulk: BULK_SETTING,
    ...serverSettings({
      ...FILES,
      url: "mysql://user:password@host:port/database, or mysql://user@/database" +
        "?socket=/path for a Unix socket; mariadb:// is the same. Further parameters: ssl-mode, " +
        "ssl-ca, ssl-cert, ssl-key. By default its host is localhost, over TCP, its port 3306.",
      tls: "Encryption over TCP: disable; prefer (where the server offers it, whoever it " +
        "is); require; verify-ca (a certificate that is trusted); verify-full (and made out to the " +
        "host). By default the url's ssl-mode, or prefer, which protects against nobody who stands " +
        "in the middle.",
      tlsModes: TLS_MODES,
      connectTimeout: "10,000",
      statements: "a merge",
    }),
  },
  required: ["url"],
};

const MYSQL_URL = new UrlReader({
  family: "MySQL",
  schemes: MYSQL_FAMILY.schemes,
  port: 3306,
  parameterFault: (name, { value, position }) =>
    PARAMETERS.includes(name) && value !== ""
      ? undefined
      : `its parameter number ${position} is not known, or empty; known are ${
        PARAMETERS.join(", ")
      }`,
});

/**
 * Reads the settings.
 *
 * @throws {LoadError} `config_invalid`, without a piece of the url: any could be of its password.
 */
export function readTarget(config: Config): Target {
  const url = MYSQL_URL.read(urlOf(config));
  const { user, database, parameters, hosts: [host], ports: [port] } = url;
  const invalid = (what: string) => MYSQL_URL.invalid(what);
  if (user === "") throw invalid("it names no user, as in mysql://user@host/database");
  if (url.hosts.length > 1) throw invalid("it names several hosts, and a load goes to one");
  const tls = tlsOf(textOf(config.tls) ?? parameters.get("ssl-mode"));
  if (!tls) throw invalid(`ssl-mode must be one of ${Object.keys(SSL_MODES).join(", ")}`);
  return {
    ...readServerConfig(config, url, { ...FILES, invalid }),
    user,
    database,
    host: host || "localhost",
    port: MYSQL_URL.port(port!),
    socket: parameters.get("socket"),
    tls,
    tlsCaFile: textOf(config.tlsCaFile) ?? parameters.get("ssl-ca"),
    connectTimeoutMs: numberOf(config.connectTimeoutMs) ?? 10_000,
    bulk: readBulk(config),
  };
}

/** Where a target is, for people and for pools: the url without its password. */
export function endpointOf({ user, host, port, database, socket }: Target): string {
  const at = socket === undefined
    ? `${host.includes(":") ? `[${host}]` : host}:${port}/${encodeURIComponent(database)}`
    : `/${encodeURIComponent(database)}?socket=${socket}`;
  return `mysql://${encodeURIComponent(user)}@${at}`;
}

/** The words of MySQL's own clients. */
const SSL_MODES: Readonly<Record<string, TlsMode>> = {
  disabled: "disable",
  preferred: "prefer",
  required: "require",
  verify_ca: "verify-ca",
  verify_identity: "verify-full",
};

function tlsOf(written = "prefer"): TlsMode | undefined {
  const word = written.toLowerCase();
  return TLS_MODES.find((mode) => mode === word) ?? SSL_MODES[word];
}

/** The table as the server knows it, where the case of letters in its name counts. */
export function tablesOf(target: Target, { schema, name }: TableName): readonly string[] {
  const { host, port, socket, database } = target;
  const server = socket === undefined ? [hostIdentity(host), port] : [socket];
  return [tableIdentity(...server, schema ?? database, name)];
}

/** Connection settings of the Postgres driver, and the one place where its URLs are read. */
import type { TableName } from "../../../src/model/batch.ts";
import { hostIdentity, tableIdentity } from "../table_identity.ts";
import type { Config, ConfigSchema } from "../../../src/model/config_schema.ts";
import type { LoadError } from "../../../src/model/errors.ts";
import {
  numberOf,
  readServerConfig,
  type ServerConfig,
  serverSettings,
  textOf,
  urlOf,
} from "../server/server_config.ts";
import { type Bulk, BULK_SETTINGS, readBulk } from "./bulk.ts";
import { optionsFault } from "./startup_options.ts";
import { type ParsedUrl, parseUrl, type Place, POSTGRES_URL } from "./url.ts";

const TLS_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;

/** How a connection is encrypted, and what is asked of the server's certificate; as in libpq. */
export type TlsMode = (typeof TLS_MODES)[number];

/** Where to connect to, and how. */
export interface Target extends ServerConfig {
  readonly user: string;
  readonly database: string;
  /** Where the server may be; the first that will do is taken. */
  readonly places: readonly [Place, ...Place[]];
  readonly tls: TlsMode;
  /** Certificates to trust instead of the system's, PEM file. */
  readonly tlsCaFile: string | undefined;
  /** Whether the password must be bound to the server's certificate; as in libpq. */
  readonly channelBinding: boolean;
  /** Whether a server that takes no writes is passed over. */
  readonly writable: boolean;
  readonly applicationName: string;
  /** Words of a command line for the server; empty for none. */
  readonly options: string;
  /** From the first packet to the first answer to a query, for each place. */
  readonly connectTimeoutMs: number;
  readonly bulk: Bulk;
}

const CONNECT_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_S_MAX = 600;
const FILES = { ca: "sslrootcert", cert: "sslcert", key: "sslkey" };

/** Settings of a Postgres connection. Nothing else counts: PG* variables are not read. */
export const POSTGRES_CONFIG: ConfigSchema = {
  type: "object",
  properties: {
    ...serverSettings({
      ...FILES,
      url: "postgres://user:password@host:port/database, or postgres://user@/database" +
        "?host=/folder for a Unix socket; several hosts with commas between them. Parameters as " +
        "in libpq; one that cannot be kept is refused by its name. By default its database is " +
        "the user's name, its port 5432. PG* variables are not read.",
      tls: "Encryption over TCP, as libpq's sslmode: disable; allow (where the server " +
        "refuses to do without); prefer (where it offers it, whoever it is); require; verify-ca " +
        "(a certificate that is trusted); verify-full (and made out to the host). By default the " +
        "url's sslmode, or prefer, which protects against nobody who stands in the middle.",
      tlsModes: TLS_MODES,
      connectTimeout: "the url's connect_timeout, which is in seconds, or 10,000",
      statements: "a batch's COPY or a merge",
    }),
    ...BULK_SETTINGS,
    applicationName: {
      type: "string",
      description: "Name of the session in pg_stat_activity; by default the url's " +
        "application_name, or snakepipe.",
      minLength: 1,
      maxLength: 63,
    },
  },
  required: ["url"],
};

/**
 * Reads the settings.
 *
 * @throws {LoadError} `config_invalid`, without a piece of the url: any could be of its password.
 */
export function readTarget(config: Config): Target {
  const url = parseUrl(urlOf(config));
  const { user, database, places, parameters } = url;
  const options = parameters.get("options") ?? "";
  const fault = optionsFault(options);
  if (fault !== undefined) throw invalid(fault);
  const tls = tlsOf(config, parameters);
  const channelBinding = mustBind(parameters, tls.tls);
  return {
    ...readServerConfig(config, url, { ...FILES, invalid }),
    user,
    database,
    places,
    ...tls,
    // What is bound to a certificate does not go on without one.
    ...(channelBinding && tls.tls === "prefer" ? { tls: "require" } : {}),
    channelBinding,
    writable: mustBeWritable(url),
    applicationName: textOf(config.applicationName) ||
      parameters.get("application_name") ||
      parameters.get("fallback_application_name") || "snakepipe",
    options,
    bulk: readBulk(config),
    connectTimeoutMs: numberOf(config.connectTimeoutMs) ?? connectTimeoutOf(parameters),
  };
}

function invalid(what: string): LoadError {
  return POSTGRES_URL.invalid(what);
}

type Parameters = ParsedUrl["parameters"];

/**
 * As in libpq: `sslrootcert=system` stands for the system's certificates, and asks for verify-full.
 * Without any it does not look for `~/.postgresql`: the system's are trusted.
 */
function tlsOf(
  config: Config,
  parameters: Parameters,
): Pick<Target, "tls" | "tlsCaFile"> {
  const rootCert = parameters.get("sslrootcert") || undefined;
  const isSystem = rootCert === "system" && config.tlsCaFile === undefined;
  const byDefault = isSystem ? "verify-full" : "prefer";
  const tls = config.tls ?? parameters.get("sslmode") ?? ofSsl(parameters.get("ssl")) ?? byDefault;
  if (!isTlsMode(tls)) throw invalid(`sslmode must be one of ${TLS_MODES.join(", ")}`);
  if (isSystem && tls !== "verify-full") {
    throw invalid("sslrootcert=system needs sslmode=verify-full");
  }
  return { tls, tlsCaFile: textOf(config.tlsCaFile) ?? (isSystem ? undefined : rootCert) };
}

/** JDBC's word, which libpq takes too. */
function ofSsl(value: string | undefined): TlsMode | undefined {
  if (value === undefined) return undefined;
  if (value === "true") return "require";
  throw invalid("its parameter ssl can be kept as true only: for anything else, write sslmode");
}

/** `prefer` and `disable` are content with none, which the client library has. */
function mustBind(parameters: Parameters, tls: TlsMode): boolean {
  switch (parameters.get("channel_binding")) {
    case undefined:
    case "disable":
    case "prefer":
      return false;
    case "require":
      if (tls === "disable" || tls === "allow") {
        throw invalid("channel_binding=require needs TLS, as in sslmode=require");
      }
      return true;
    default:
      throw invalid("channel_binding must be one of disable, prefer, require");
  }
}

/** A load writes; of several hosts one will be read-only, mostly. */
function mustBeWritable({ parameters, places }: ParsedUrl): boolean {
  switch (parameters.get("target_session_attrs")) {
    case undefined:
    case "any":
      return places.length > 1;
    case "read-write":
    case "primary":
      return true;
    case "read-only":
    case "standby":
    case "prefer-standby":
      throw invalid(
        "its target_session_attrs asks for a server that takes no writes, and a load writes",
      );
    default:
      throw invalid("target_session_attrs must be one of any, read-write, primary");
  }
}

/** libpq waits for ever at 0. */
function connectTimeoutOf(parameters: Parameters): number {
  const written = parameters.get("connect_timeout");
  if (written === undefined) return CONNECT_TIMEOUT_MS;
  const seconds = /^[0-9]{1,9}$/.test(written) ? Number(written) : 0;
  if (seconds < 1 || seconds > CONNECT_TIMEOUT_S_MAX) {
    throw invalid(`connect_timeout must be a number of seconds from 1 to ${CONNECT_TIMEOUT_S_MAX}`);
  }
  return seconds * 1000;
}

/** Where a target is, for people and for pools: the url without its password and parameters. */
export function endpointOf(target: Target): string {
  const user = encodeURIComponent(target.user);
  const database = encodeURIComponent(target.database);
  const [first, ...others] = target.places;
  if (others.length === 0 && isSocketFolder(first.host)) {
    return `postgres://${user}@/${database}?host=${first.host}&port=${first.port}`;
  }
  const places = target.places.map(({ host, port }) =>
    `${isSocketFolder(host) ? encodeURIComponent(host) : host.includes(":") ? `[${host}]` : host}` +
    `:${port}`
  );
  return `postgres://${user}@${places.join(",")}/${database}`;
}

/** Whether a host is the folder of a Unix socket. */
export function isSocketFolder(host: string): boolean {
  return host.startsWith("/");
}

function isTlsMode(value: unknown): value is TlsMode {
  return TLS_MODES.some((mode) => mode === value);
}

/** The table as each server knows it that the load may go to. */
export function tablesOf(target: Target, { schema, name }: TableName): readonly string[] {
  const { places, database, options } = target;
  // Whatever the server's roles look through by default, the first that is there is mostly this one.
  const path = /search_path/i.test(options) ? options : "public";
  return places.map(({ host, port }) =>
    tableIdentity(hostIdentity(host), port, database, schema ?? path, name)
  );
}

/** Connection settings of the Postgres driver, and the one place where its URLs are read. */
import type { Config, ConfigSchema, ConfigValue } from "../../../src/config/schema.ts";
import { Secret } from "../../../src/config/secret.ts";
import { LoadError } from "../../../src/errors.ts";
import { LIMITS } from "../../../src/limits.ts";

const TLS_MODES = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;

/** How a connection is encrypted, and what is asked of the server's certificate; as in libpq. */
export type TlsMode = (typeof TLS_MODES)[number];

/** Where to connect to, and how. */
export interface Target {
  readonly user: string;
  readonly password: Secret;
  readonly database: string;
  /** A host name, an address, or the folder of a Unix socket, which begins with `/`. */
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
  /** Certificates to trust instead of the system's, PEM file. */
  readonly tlsCaFile: string | undefined;
  readonly applicationName: string;
  /** From the first packet to the first answer to a query. */
  readonly connectTimeoutMs: number;
  /** The longest time that one statement, one COPY included, may take. */
  readonly statementTimeoutMs: number;
}

/** Settings of a Postgres connection. Nothing else counts: PG* variables are not read. */
export const POSTGRES_CONFIG: ConfigSchema = {
  type: "object",
  properties: {
    url: {
      type: "string",
      description: "postgres://user:password@host:port/database, or postgres://user@/database" +
        "?host=/folder for a Unix socket. Parameters: host, port, sslmode, application_name. Its " +
        "database is the user's name by default, its port 5432.",
      minLength: 1,
      writeOnly: true,
    },
    password: {
      type: "string",
      description: "The password, where it does not stand in the url. Wins over the url's.",
      writeOnly: true,
    },
    tls: {
      type: "string",
      description: "Encryption over TCP: disable; prefer (where the server offers it, whoever it " +
        "is); require; verify-ca (a certificate that is trusted); verify-full (and made out to " +
        "the host). By default the url's sslmode, or prefer, which protects against nobody who " +
        "stands in the middle.",
      enum: TLS_MODES,
    },
    tlsCaFile: {
      type: "string",
      description: "PEM file of the certificates to trust for verify-ca and verify-full, instead " +
        "of the system's.",
      minLength: 1,
    },
    poolSize: {
      type: "integer",
      description: "Connections that may be open at once.",
      default: 4,
      minimum: 1,
      maximum: LIMITS.poolSizeMax,
    },
    connectTimeoutMs: {
      type: "integer",
      description: "Milliseconds until a connection must stand.",
      default: 10_000,
      minimum: 1,
      maximum: 600_000,
    },
    statementTimeoutMs: {
      type: "integer",
      description: "Milliseconds that one statement may take, a batch's COPY or a merge included.",
      default: 600_000,
      minimum: 100,
      maximum: 86_400_000,
    },
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
  const url = parseUrl(reveal(config.url));
  const tls = config.tls ?? url.parameters.get("sslmode") ?? "prefer";
  if (!isTlsMode(tls)) throw invalid(`sslmode must be one of ${TLS_MODES.join(", ")}`);
  const password = config.password ?? url.password;
  return {
    user: url.user,
    password: password instanceof Secret ? password : new Secret(String(password)),
    database: url.database,
    host: url.host,
    port: url.port,
    tls,
    tlsCaFile: text(config.tlsCaFile),
    applicationName: text(config.applicationName) ?? url.parameters.get("application_name") ??
      "snakepipe",
    connectTimeoutMs: number(config.connectTimeoutMs, 10_000),
    statementTimeoutMs: number(config.statementTimeoutMs, 600_000),
  };
}

/** Where a target is, for people and for pools: the url without its password and parameters. */
export function endpointOf(target: Target): string {
  const user = encodeURIComponent(target.user);
  const database = encodeURIComponent(target.database);
  if (isSocketFolder(target.host)) {
    return `postgres://${user}@/${database}?host=${target.host}&port=${target.port}`;
  }
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  return `postgres://${user}@${host}:${target.port}/${database}`;
}

/** Whether a host is the folder of a Unix socket. */
export function isSocketFolder(host: string): boolean {
  return host.startsWith("/");
}

interface ParsedUrl {
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETERS = ["host", "port", "sslmode", "application_name"];

// Scheme, user and password up to the authority's last @, host, port, database, parameters. What
// comes after the authority has no raw @: one there means that the authority ended within a
// password that should have been encoded.
const URL_FORM =
  /^(?:postgres|postgresql):\/\/(?:([^/?#]*)@)?(\[[0-9a-fA-F:.%]+\]|[^:/?#[\]@]*)(?::([0-9]*))?(?:\/([^/?#@]*))?(?:\?([^#@]*))?$/;

function parseUrl(text: string): ParsedUrl {
  const parts = URL_FORM.exec(text);
  if (!parts) throw invalid(FORM);
  const [, userInfo = "", authorityHost = "", authorityPort = "", path = "", query = ""] = parts;
  const colon = userInfo.indexOf(":");
  const user = decode(colon < 0 ? userInfo : userInfo.slice(0, colon));
  if (user === "") throw invalid("it names no user, as in postgres://user@host/database");
  const parameters = parseQuery(query);
  const host = parameters.get("host") ?? (decode(authorityHost.replace(/^\[|\]$/g, "")));
  if (host.includes(",")) throw invalid("it names several hosts, only one is supported");
  const port = Number((parameters.get("port") ?? authorityPort) || "5432");
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw invalid("its port is not a number from 1 to 65535");
  }
  return {
    user,
    password: colon < 0 ? "" : decode(userInfo.slice(colon + 1)),
    host: host === "" ? "localhost" : host,
    port,
    database: decode(path) || user,
    parameters,
  };
}

function parseQuery(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of query.split("&").filter((p) => p !== "")) {
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (!PARAMETERS.includes(name)) {
      throw invalid(`it has an unknown parameter, known are ${PARAMETERS.join(", ")}`);
    }
    parameters.set(name, decode(equals < 0 ? "" : pair.slice(equals + 1)));
  }
  return parameters;
}

const FORM = "expected postgres://user:password@host:port/database; characters such as / ? # @ % " +
  "in a user or a password must be percent-encoded";

function decode(text: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw invalid(FORM);
  }
  if (decoded.includes("\0")) throw invalid("it contains U+0000");
  return decoded;
}

function invalid(what: string): LoadError {
  return new LoadError(`The url of a Postgres database is not valid: ${what}`, {
    code: "config_invalid",
    blame: "config",
    issues: [{ path: "url", message: what }],
  });
}

function reveal(value: ConfigValue | undefined): string {
  return value instanceof Secret ? value.reveal() : String(value ?? "");
}

function text(value: ConfigValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function number(value: ConfigValue | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function isTlsMode(value: unknown): value is TlsMode {
  return TLS_MODES.some((mode) => mode === value);
}

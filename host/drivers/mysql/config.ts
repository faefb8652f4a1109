/** Settings of a MySQL connection, and the one place where its URLs are read. */
import type { Config, ConfigSchema, ConfigValue } from "../../../src/config/schema.ts";
import { Secret } from "../../../src/config/secret.ts";
import { LoadError } from "../../../src/errors.ts";
import { LIMITS } from "../../../src/limits.ts";

/** How much is asked of TLS, in the words of PostgreSQL's sslmode. */
export const TLS_MODES = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;

/** See {@linkcode TLS_MODES}. */
export type TlsMode = typeof TLS_MODES[number];

/** Where to connect to, and how. */
export interface Target {
  readonly user: string;
  readonly password: Secret;
  /** Empty where none is named. */
  readonly database: string;
  readonly host: string;
  readonly port: number;
  /** Path of a Unix socket, which wins over host and port, and needs no TLS. */
  readonly socket: string | undefined;
  readonly tls: TlsMode;
  readonly tlsCaFile: string | undefined;
  readonly tlsCertFile: string | undefined;
  readonly tlsKeyFile: string | undefined;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** Settings of the driver; those of the plugin stand beside them. */
export const MYSQL_CONFIG: ConfigSchema = {
  type: "object",
  properties: {
    url: {
      type: "string",
      description: "mysql://user:password@host:port/database, or mysql://user@/database" +
        "?socket=/path for a Unix socket; mariadb:// is the same. Further parameters: ssl-mode, " +
        "ssl-ca, ssl-cert, ssl-key. By default its host is localhost, over TCP, its port 3306.",
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
        "is); require; verify-ca (a certificate that is trusted); verify-full (and made out to the " +
        "host). By default the url's ssl-mode, or prefer, which protects against nobody who stands " +
        "in the middle.",
      enum: TLS_MODES,
    },
    tlsCaFile: {
      type: "string",
      description:
        "PEM file of the certificates to trust instead of the system's; by default the " +
        "url's ssl-ca.",
      minLength: 1,
    },
    tlsCertFile: {
      type: "string",
      description: "PEM file of the certificate that the server is shown; by default the url's " +
        "ssl-cert.",
      minLength: 1,
    },
    tlsKeyFile: {
      type: "string",
      description: "PEM file of its key, not encrypted; by default the url's ssl-key.",
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
      description: "Milliseconds that one statement may take.",
      default: 600_000,
      minimum: 100,
      maximum: 86_400_000,
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
  const { parameters } = url;
  const tlsCertFile = text(config.tlsCertFile) ?? parameters.get("ssl-cert");
  const tlsKeyFile = text(config.tlsKeyFile) ?? parameters.get("ssl-key");
  if ((tlsCertFile === undefined) !== (tlsKeyFile === undefined)) {
    throw invalid("a certificate of its own needs its key too: ssl-cert and ssl-key, each a file");
  }
  const password = config.password ?? url.password;
  return {
    user: url.user,
    password: password instanceof Secret ? password : new Secret(String(password)),
    database: url.database,
    host: url.host,
    port: url.port,
    socket: parameters.get("socket"),
    tls: tlsOf(text(config.tls) ?? parameters.get("ssl-mode")),
    tlsCaFile: text(config.tlsCaFile) ?? parameters.get("ssl-ca"),
    tlsCertFile,
    tlsKeyFile,
    connectTimeoutMs: Number(config.connectTimeoutMs ?? 10_000),
    statementTimeoutMs: Number(config.statementTimeoutMs ?? 600_000),
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

function tlsOf(written: string | undefined): TlsMode {
  const word = written?.toLowerCase() ?? "prefer";
  const mode = TLS_MODES.find((mode) => mode === word) ?? SSL_MODES[word];
  if (mode) return mode;
  throw invalid(`ssl-mode must be one of ${Object.keys(SSL_MODES).join(", ")}`);
}

interface ParsedUrl extends Pick<Target, "user" | "database" | "host" | "port"> {
  readonly password: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETERS = ["socket", "ssl-mode", "ssl-ca", "ssl-cert", "ssl-key"];

// Scheme, user and password up to the authority's last @, host, port, database, parameters. What
// comes after the authority has no raw @: one there means that the authority ended within a
// password that should have been encoded.
const URL_FORM =
  /^(?:mysql|mariadb):\/\/(?:([^/?#]*)@)?(\[[0-9a-fA-F:.%]+\]|[^:/?#[\]@]*)(?::([0-9]*))?(?:\/([^/?#@]*))?(?:\?([^#@]*))?$/i;

const FORM = "expected mysql://user:password@host:port/database; characters such as / ? # @ % " +
  "in a user or a password must be percent-encoded";

function parseUrl(url: string): ParsedUrl {
  const parts = URL_FORM.exec(url);
  if (!parts) throw invalid(FORM);
  const [, userInfo = "", host = "", portText = "", path = "", query = ""] = parts;
  const colon = userInfo.indexOf(":");
  const user = decode(colon < 0 ? userInfo : userInfo.slice(0, colon));
  if (user === "") throw invalid("it names no user, as in mysql://user@host/database");
  if (host.includes(",")) throw invalid("it names several hosts, and a load goes to one");
  const port = Number(portText || "3306");
  if (port < 1 || port > 65_535) throw invalid("its port is not a number from 1 to 65535");
  return {
    user,
    password: colon < 0 ? "" : decode(userInfo.slice(colon + 1)),
    host: decode(host.replace(/^\[|\]$/g, "")) || "localhost",
    port,
    database: decode(path),
    parameters: parseQuery(query),
  };
}

function parseQuery(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [i, pair] of query.split("&").filter((p) => p !== "").entries()) {
    const [name = "", ...rest] = pair.split("=");
    const value = decode(rest.join("="));
    if (!PARAMETERS.includes(name) || value === "") {
      throw invalid(
        `its parameter number ${i + 1} is not known, or empty; known are ${PARAMETERS.join(", ")}`,
      );
    }
    if (parameters.has(name)) throw invalid(`it has its parameter ${name} twice`);
    parameters.set(name, value);
  }
  return parameters;
}

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
  return new LoadError(`The url of a MySQL database is not valid: ${what}`, {
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

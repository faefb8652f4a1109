/** Settings that connections to every server have, and how they are read. */
import type { Config, ConfigField, ConfigValue } from "../../../src/model/config_schema.ts";
import { Secret } from "../../../src/model/secret.ts";
import { LIMITS } from "../../../src/model/limits.ts";

/** What families say of them in other words. */
export interface ServerSettingsText {
  /** What a url looks like. */
  readonly url: string;
  /** What each mode of TLS means, and where it comes from by default. */
  readonly tls: string;
  readonly tlsModes: readonly string[];
  /** Parameters of the url that name the files of certificates. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Where the timeout of a connection comes from by default. */
  readonly connectTimeout: string;
  /** What else a statement may be. */
  readonly statements: string;
}

const CONNECT_TIMEOUT_MS_MAX = 600_000;
const STATEMENT_TIMEOUT_MS = 600_000;

/** The settings. */
export function serverSettings(text: ServerSettingsText): Readonly<Record<string, ConfigField>> {
  const file = (description: string): ConfigField => ({
    type: "string",
    description: `PEM file of ${description}`,
    minLength: 1,
  });
  return {
    url: { type: "string", description: text.url, minLength: 1, writeOnly: true },
    password: {
      type: "string",
      description: "The password, where it does not stand in the url. Wins over the url's.",
      writeOnly: true,
    },
    passwordFile: {
      type: "string",
      description:
        "File that holds the password, read again for each connection, in the place of " +
        "password. A line end behind it does not count.",
      minLength: 1,
    },
    tls: { type: "string", description: text.tls, enum: text.tlsModes },
    tlsCaFile: file(
      "the certificates to trust instead of the system's; by default the url's " +
        `${text.ca}. With it, require asks for a certificate that is trusted, too.`,
    ),
    tlsCertFile: file(
      "the certificate that the server is shown where it asks for one; by default the url's " +
        `${text.cert}.`,
    ),
    tlsKeyFile: file(`its key, not encrypted; by default the url's ${text.key}.`),
    poolSize: {
      type: "integer",
      description: "Connections that may be open at once.",
      default: 4,
      minimum: 1,
      maximum: LIMITS.poolSizeMax,
    },
    connectTimeoutMs: {
      type: "integer",
      description: `Milliseconds until a connection must stand; by default ${text.connectTimeout}.`,
      minimum: 1,
      maximum: CONNECT_TIMEOUT_MS_MAX,
    },
    statementTimeoutMs: {
      type: "integer",
      description: `Milliseconds that one statement may take, ${text.statements} included.`,
      default: STATEMENT_TIMEOUT_MS,
      minimum: 100,
      maximum: 86_400_000,
    },
  };
}

/** What the server is shown where it asks who we are: certificate and key, PEM files. */
export interface OwnCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What the settings say, or else a url. */
export interface ServerConfig {
  readonly password: Secret;
  readonly tlsOwn: OwnCertificate | undefined;
  /** The longest time that one statement may take. */
  readonly statementTimeoutMs: number;
}

/** Reads them; `invalid` makes an error of what is wrong. @throws {LoadError} `config_invalid` */
export function readServerConfig(
  config: Config,
  url: {
    readonly password: string;
    readonly parameters: ReadonlyMap<string, string>;
  },
  { cert, key, invalid }: Pick<ServerSettingsText, "cert" | "key"> & {
    invalid(what: string): Error;
  },
): ServerConfig {
  const password = config.password ?? url.password;
  const certFile = textOf(config.tlsCertFile) ?? (url.parameters.get(cert) || undefined);
  const keyFile = textOf(config.tlsKeyFile) ?? (url.parameters.get(key) || undefined);
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw invalid(
      `a certificate of its own needs its key too: ${cert} and ${key}, each a file`,
    );
  }
  return {
    password: password instanceof Secret ? password : new Secret(String(password)),
    tlsOwn: certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile },
    statementTimeoutMs: numberOf(config.statementTimeoutMs) ?? STATEMENT_TIMEOUT_MS,
  };
}

/** The url itself. */
export function urlOf({ url }: Config): string {
  return url instanceof Secret ? url.reveal() : String(url ?? "");
}

/** A setting that is a text. */
export function textOf(value: ConfigValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A setting that is a number. */
export function numberOf(value: ConfigValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/**
 * The parameters of a connection URL: those of libpq ("Parameter Key Words" in PostgreSQL's manual),
 * and what providers and other clients put into the URLs that they hand out. Each is kept, or refused
 * by its name; none is passed over in silence.
 */

/** What becomes of a parameter. */
type Rule =
  /** `config.ts` reads its value. */
  | { readonly kind: "read" }
  /** These values (in lower case) say what is done anyway; any other is refused. */
  | { readonly kind: "satisfied"; readonly values: readonly string[]; readonly why: string }
  | { readonly kind: "refused"; readonly why: string };

/** Parameters that are read. */
export const READ_PARAMETERS = [
  "host",
  "port",
  "user",
  "password",
  "dbname",
  "sslmode",
  "ssl",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "channel_binding",
  "application_name",
  "fallback_application_name",
  "connect_timeout",
  "options",
  "target_session_attrs",
] as const;

/** The name of a parameter that is read. */
export type ReadParameter = typeof READ_PARAMETERS[number];

const NO_GSSAPI = "Kerberos and GSSAPI are not known here";
const NO_REVOCATION = "lists of revoked certificates are not looked at";
const NO_OAUTH = "OAuth is not known here";
const NO_FILES = "no password file and no service file is read; the setting password takes it, " +
  "as does ${NAME} in a configuration";
const SYSTEM_KEEPALIVE = "the system's own times hold for keepalives";

const RULES: ReadonlyMap<string, Rule> = new Map(Object.entries<Rule>({
  ...Object.fromEntries(READ_PARAMETERS.map((name) => [name, { kind: "read" }])),
  client_encoding: satisfied("utf8 utf-8 unicode auto", "what is sent is UTF-8"),
  gssencmode: satisfied("disable prefer", NO_GSSAPI),
  keepalives: satisfied("1", "keepalives are on"),
  load_balance_hosts: satisfied("disable", "hosts are tried in their order"),
  max_protocol_version: satisfied("3.0 latest", "version 3.0 of the protocol is spoken"),
  min_protocol_version: satisfied("3.0", "version 3.0 of the protocol is spoken"),
  pgbouncer: satisfied(
    "false",
    "a pooler in transaction mode hands each transaction to another session, and a load needs one " +
      "that stays: name the database's direct address, or the pooler's in session mode",
  ),
  sslcertmode: satisfied("allow", "a certificate is sent where the server asks for one"),
  sslcompression: satisfied("0", "TLS is not compressed"),
  sslnegotiation: satisfied("postgres", "TLS begins as PostgreSQL before 17 has it"),
  sslsni: satisfied("1", "the host's name is sent with TLS"),
  ssl_min_protocol_version: satisfied("tlsv1 tlsv1.1 tlsv1.2", "TLS 1.2 and 1.3 are spoken"),
  ssl_max_protocol_version: satisfied("tlsv1.3", "TLS 1.2 and 1.3 are spoken"),
  // node-postgres: sslmode shall mean what it means to libpq.
  uselibpqcompat: satisfied("true", "sslmode means what it means to libpq"),
  gssdelegation: refused(NO_GSSAPI),
  gsslib: refused(NO_GSSAPI),
  hostaddr: refused("write the address as the host"),
  keepalives_count: refused(SYSTEM_KEEPALIVE),
  keepalives_idle: refused(SYSTEM_KEEPALIVE),
  keepalives_interval: refused(SYSTEM_KEEPALIVE),
  krbsrvname: refused(NO_GSSAPI),
  oauth_client_id: refused(NO_OAUTH),
  oauth_client_secret: refused(NO_OAUTH),
  oauth_issuer: refused(NO_OAUTH),
  oauth_scope: refused(NO_OAUTH),
  passfile: refused(NO_FILES),
  replication: refused("a load is no replication"),
  require_auth: refused("how the server may ask for the password cannot be chosen"),
  requirepeer: refused("who runs the server behind a socket is not looked at"),
  requiressl: refused("write sslmode=require"),
  scram_client_key: refused("a password is needed"),
  scram_server_key: refused("a password is needed"),
  service: refused(NO_FILES),
  servicefile: refused(NO_FILES),
  sslcrl: refused(NO_REVOCATION),
  sslcrldir: refused(NO_REVOCATION),
  sslkeylogfile: refused("keys of TLS are not written down"),
  sslpassword: refused("a key is read without a passphrase: decrypt its file first"),
  tcp_user_timeout: refused("write the setting statementTimeoutMs"),
  // Of other clients.
  connection_limit: refused("write the setting poolSize"),
  currentschema: refused("write options=-c%20search_path%3DNAME, or the schema with the table"),
  idle_in_transaction_session_timeout: refused("write it as options=-c%20NAME%3DVALUE"),
  lock_timeout: refused("write it as options=-c%20NAME%3DVALUE"),
  pool_timeout: refused("write the setting connectTimeoutMs"),
  schema: refused("write options=-c%20search_path%3DNAME, or the schema with the table"),
  search_path: refused("write options=-c%20search_path%3DNAME, or the schema with the table"),
  socket_timeout: refused("write the setting statementTimeoutMs"),
  sslaccept: refused("write sslmode=verify-full, or sslmode=require"),
  statement_cache_size: refused("it has no meaning here"),
  statement_timeout: refused("write the setting statementTimeoutMs"),
  supa: refused("it has no meaning here: leave it out"),
  workaround: refused("it has no meaning here: leave it out"),
}));

/**
 * Why a parameter of a URL cannot be kept, or undefined where it is. What no table knows is not
 * repeated: it may be a piece of a password with a sign in it that should have been encoded.
 */
export function parameterFault(
  name: string,
  { value, position }: { readonly value: string; readonly position: number },
): string | undefined {
  const rule = RULES.get(name) ?? RULES.get(name.toLowerCase());
  switch (rule?.kind) {
    case undefined:
      return `its parameter number ${position} is not known; known are ${
        READ_PARAMETERS.join(", ")
      }`;
    case "read":
      // libpq knows names in lower case alone.
      return RULES.has(name)
        ? undefined
        : `write its parameter ${name.toLowerCase()} in lower case`;
    case "satisfied": {
      if (rule.values.includes(value.toLowerCase())) return undefined;
      const kept = rule.values.join(" and ");
      return `its parameter ${name.toLowerCase()} can be kept as ${kept} only: ${rule.why}`;
    }
    case "refused":
      return `its parameter ${name.toLowerCase()} cannot be kept: ${rule.why}`;
  }
}

function satisfied(values: string, why: string): Rule {
  return { kind: "satisfied", values: values.split(" "), why };
}

function refused(why: string): Rule {
  return { kind: "refused", why };
}

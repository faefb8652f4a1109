/**
 * The parameters of a connection URL: those of libpq ("Parameter Key Words" in PostgreSQL's manual),
 * and what providers and other clients put into the URLs that they hand out. Each is kept, or refused
 * by its name; none is passed over in silence.
 */

/** Parameters that are read. */
const READ_PARAMETERS = [
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

/** Parameters that say what is done anyway: by name, the values that do, and what is done. */
const SATISFIED: Readonly<Record<string, readonly [values: string, why: string]>> = {
  client_encoding: ["utf8 utf-8 unicode auto", "what is sent is UTF-8"],
  gssencmode: ["disable prefer", NO_GSSAPI],
  keepalives: ["1", "keepalives are on"],
  load_balance_hosts: ["disable", "hosts are tried in their order"],
  max_protocol_version: ["3.0 latest", "version 3.0 of the protocol is spoken"],
  min_protocol_version: ["3.0", "version 3.0 of the protocol is spoken"],
  pgbouncer: [
    "false",
    "a pooler in transaction mode hands each transaction to another session, and a load needs one " +
    "that stays: name the database's direct address, or the pooler's in session mode",
  ],
  sslcertmode: ["allow", "a certificate is sent where the server asks for one"],
  sslcompression: ["0", "TLS is not compressed"],
  sslnegotiation: ["postgres", "TLS begins as PostgreSQL before 17 has it"],
  sslsni: ["1", "the host's name is sent with TLS"],
  ssl_min_protocol_version: ["tlsv1 tlsv1.1 tlsv1.2", "TLS 1.2 and 1.3 are spoken"],
  ssl_max_protocol_version: ["tlsv1.3", "TLS 1.2 and 1.3 are spoken"],
  // node-postgres: sslmode shall mean what it means to libpq.
  uselibpqcompat: ["true", "sslmode means what it means to libpq"],
};

/** Parameters that cannot be kept, and why; those of other clients come last. */
const REFUSED: readonly (readonly [names: string, why: string])[] = [
  ["gssdelegation gsslib krbsrvname", NO_GSSAPI],
  ["hostaddr", "write the address as the host"],
  [
    "keepalives_count keepalives_idle keepalives_interval",
    "the system's own times hold for keepalives",
  ],
  ["oauth_client_id oauth_client_secret oauth_issuer oauth_scope", "OAuth is not known here"],
  [
    "passfile service servicefile",
    "no password file and no service file is read; the setting password takes it, as does ${NAME} " +
    "in a configuration",
  ],
  ["replication", "a load is no replication"],
  ["require_auth", "how the server may ask for the password cannot be chosen"],
  ["requirepeer", "who runs the server behind a socket is not looked at"],
  ["requiressl", "write sslmode=require"],
  ["scram_client_key scram_server_key", "a password is needed"],
  ["sslcrl sslcrldir", "lists of revoked certificates are not looked at"],
  ["sslkeylogfile", "keys of TLS are not written down"],
  ["sslpassword", "a key is read without a passphrase: decrypt its file first"],
  ["tcp_user_timeout", "write the setting statementTimeoutMs"],
  ["connection_limit", "write the setting poolSize"],
  [
    "currentschema schema search_path",
    "write options=-c%20search_path%3DNAME, or the schema with the table",
  ],
  [
    "idle_in_transaction_session_timeout lock_timeout",
    "write it as options=-c%20NAME%3DVALUE",
  ],
  ["pool_timeout", "write the setting connectTimeoutMs"],
  ["socket_timeout statement_timeout", "write the setting statementTimeoutMs"],
  ["sslaccept", "write sslmode=verify-full, or sslmode=require"],
  ["statement_cache_size", "it has no meaning here"],
  ["supa workaround", "it has no meaning here: leave it out"],
];

/**
 * Why a parameter of a URL cannot be kept, or undefined where it is. What no table knows is not
 * repeated: it may be a piece of a password with a sign in it that should have been encoded.
 */
export function parameterFault(
  name: string,
  { value, position }: { readonly value: string; readonly position: number },
): string | undefined {
  const isRead = (name: string) => READ_PARAMETERS.some((each) => each === name);
  // libpq knows names in lower case alone.
  const lower = name.toLowerCase();
  if (isRead(lower)) return isRead(name) ? undefined : `write its parameter ${lower} in lower case`;
  if (Object.hasOwn(SATISFIED, lower)) {
    const [text, why] = SATISFIED[lower]!;
    const values = text.split(" ");
    if (values.includes(value.toLowerCase())) return undefined;
    return `its parameter ${lower} can be kept as ${values.join(" and ")} only: ${why}`;
  }
  const refused = REFUSED.find(([names]) => names.split(" ").includes(lower));
  if (refused) return `its parameter ${lower} cannot be kept: ${refused[1]}`;
  return `its parameter number ${position} is not known; known are ${READ_PARAMETERS.join(", ")}`;
}

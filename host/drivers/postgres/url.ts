/** Reads connection URLs as libpq does; see "Connection URIs" in PostgreSQL's manual. */
import { LoadError } from "../../../src/errors.ts";
import { parameterFault, type ReadParameter } from "./url_parameter.ts";

/** One of the places where a server may be. */
export interface Place {
  /** A host name, an address, or the folder of a Unix socket, which begins with `/`. */
  readonly host: string;
  readonly port: number;
}

/** What a URL says. */
export interface ParsedUrl {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** At least one; tried in this order. */
  readonly places: readonly [Place, ...Place[]];
  readonly parameters: ReadonlyMap<ReadParameter, string>;
}

// Scheme, user and password up to the authority's last @, hosts and ports, database, parameters.
// What comes after the authority has no raw @: one there means that the authority ended within a
// password that should have been encoded.
const URL_FORM =
  /^(?:postgres|postgresql):\/\/(?:([^/?#]*)@)?([^/?#@]*)(?:\/([^/?#@]*))?(?:\?([^#@]*))?$/i;
const HOST_FORM = /^(\[[0-9a-fA-F:.%]+\]|[^:[\]]*)(?::([0-9]*))?$/;

/**
 * Reads a URL.
 *
 * @throws {LoadError} `config_invalid`, without a piece of the url: any could be of its password.
 */
export function parseUrl(text: string): ParsedUrl {
  const parts = URL_FORM.exec(text);
  if (!parts) throw invalid(FORM);
  const [, userInfo = "", authority = "", path = "", query = ""] = parts;
  const colon = userInfo.indexOf(":");
  const authorityPlaces = authority.split(",").map(readPlace);
  const parameters = parseQuery(query);
  const given = (name: ReadParameter, written: string) => parameters.get(name) ?? decode(written);
  const user = given("user", colon < 0 ? userInfo : userInfo.slice(0, colon));
  if (user === "") throw invalid("it names no user, as in postgres://user@host/database");
  return {
    user,
    password: given("password", colon < 0 ? "" : userInfo.slice(colon + 1)),
    database: given("dbname", path) || user,
    places: placesOf(authorityPlaces, parameters),
    parameters,
  };
}

/** The error for a URL; `what` is the end of a sentence about it, without a piece of it. */
export function invalid(what: string): LoadError {
  return new LoadError(`The url of a Postgres database is not valid: ${what}`, {
    code: "config_invalid",
    blame: "config",
    issues: [{ path: "url", message: what }],
  });
}

/** As it is written. */
function readPlace(text: string): { host: string; port: string } {
  const [, host, port = ""] = HOST_FORM.exec(text) ?? [];
  if (host === undefined) throw invalid(FORM);
  return { host: decode(host.replace(/^\[|\]$/g, "")), port };
}

/** Hosts and ports of the parameters win; one port may stand for all hosts. */
function placesOf(
  written: readonly { host: string; port: string }[],
  parameters: ReadonlyMap<ReadParameter, string>,
): readonly [Place, ...Place[]] {
  const hosts = parameters.get("host")?.split(",") ?? written.map(({ host }) => host);
  const ports = parameters.get("port")?.split(",") ?? written.map(({ port }) => port);
  if (ports.length !== 1 && ports.length !== hosts.length) {
    throw invalid("it must name one port, or as many as it names hosts");
  }
  const places = hosts.map((host, i) => ({
    host: host === "" ? "localhost" : host,
    port: readPort(ports.length === 1 ? ports[0]! : ports[i]!),
  }));
  return places as [Place, ...Place[]];
}

function readPort(text: string): number {
  const port = text === "" ? 5432 : /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw invalid("its port is not a number from 1 to 65535");
  return port;
}

function parseQuery(query: string): ReadonlyMap<ReadParameter, string> {
  const parameters = new Map<string, string>();
  for (const [i, pair] of query.split("&").filter((p) => p !== "").entries()) {
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = decode(equals < 0 ? "" : pair.slice(equals + 1));
    const fault = parameterFault(name, { value, position: i + 1 });
    if (fault !== undefined) throw invalid(fault);
    if (parameters.has(name)) throw invalid(`it has its parameter ${name.toLowerCase()} twice`);
    parameters.set(name, value);
  }
  return parameters as ReadonlyMap<string, string> as ReadonlyMap<ReadParameter, string>;
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

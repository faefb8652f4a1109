/** Reads connection URLs as libpq does; see "Connection URIs" in PostgreSQL's manual. */
import { UrlReader } from "../server/server_url.ts";
import { POSTGRES_FAMILY } from "./about.ts";
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

/** What reads them, and says what is wrong with one. */
export const POSTGRES_URL: UrlReader = new UrlReader({
  family: "Postgres",
  schemes: POSTGRES_FAMILY.schemes,
  port: 5432,
  parameterFault,
});

/** Reads a URL; parameters win, and one port may stand for all hosts. @throws {LoadError} `config_invalid` */
export function parseUrl(text: string): ParsedUrl {
  const written = POSTGRES_URL.read(text);
  const parameters = written.parameters as ReadonlyMap<string, string> as ParsedUrl["parameters"];
  const user = parameters.get("user") ?? written.user;
  if (user === "") {
    throw POSTGRES_URL.invalid("it names no user, as in postgres://user@host/database");
  }
  const hosts = parameters.get("host")?.split(",") ?? written.hosts;
  const ports = parameters.get("port")?.split(",") ?? written.ports;
  if (ports.length !== 1 && ports.length !== hosts.length) {
    throw POSTGRES_URL.invalid("it must name one port, or as many as it names hosts");
  }
  const places = hosts.map((host, i) => ({
    host: host === "" ? "localhost" : host,
    port: POSTGRES_URL.port(ports.length === 1 ? ports[0]! : ports[i]!),
  }));
  return {
    user,
    password: parameters.get("password") ?? written.password,
    database: (parameters.get("dbname") ?? written.database) || user,
    places: places as [Place, ...Place[]],
    parameters,
  };
}

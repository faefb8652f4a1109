/**
 * Reads the URLs of databases behind a server. No message has a piece of one: any could be of its
 * password.
 */
import type { LoadError } from "../../../src/model/errors.ts";
import { invalidUrl } from "../invalid_url.ts";

/** How the URLs of a family are written. */
export interface UrlSyntax {
  /** The family, as in "The url of a Postgres database". */
  readonly family: string;
  /** The usual one first. */
  readonly schemes: readonly string[];
  /** Where no port is said. */
  readonly port: number;
  /** Why a parameter cannot be kept, as a clause about the url; undefined where it is. */
  parameterFault(
    name: string,
    at: { readonly value: string; readonly position: number },
  ): string | undefined;
}

/** A URL as it is written. */
export interface WrittenUrl {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** At least one; empty where it is left out. */
  readonly hosts: readonly string[];
  /** As many, likewise. */
  readonly ports: readonly string[];
  readonly parameters: ReadonlyMap<string, string>;
}

const HOST_FORM = /^(\[[0-9a-fA-F:.%]+\]|[^:[\]]*)(?::([0-9]*))?$/;

/** Reads the URLs of databases behind a server. What is read is percent-decoded. */
export class UrlReader {
  readonly #syntax: UrlSyntax;
  readonly #form: RegExp;

  /** A reader of such URLs. */
  constructor(syntax: UrlSyntax) {
    this.#syntax = syntax;
    // Scheme, user and password up to the authority's last @, hosts and ports, database, parameters.
    // What comes after the authority has no raw @: one there means that the authority ended within a
    // password that should have been encoded.
    this.#form = new RegExp(
      `^(?:${syntax.schemes.join("|")})://` +
        "(?:([^/?#]*)@)?([^/?#@]*)(?:/([^/?#@]*))?(?:\\?([^#@]*))?$",
      "i",
    );
  }

  /** Reads a URL. @throws {LoadError} `config_invalid` */
  read(text: string): WrittenUrl {
    const parts = this.#form.exec(text);
    if (!parts) throw this.#malformed();
    const [, userInfo = "", authority = "", path = "", query = ""] = parts;
    const colon = userInfo.indexOf(":");
    const places = authority.split(",").map((place) => HOST_FORM.exec(place) ?? []);
    if (places.some(([whole]) => whole === undefined)) throw this.#malformed();
    return {
      user: this.#decode(colon < 0 ? userInfo : userInfo.slice(0, colon)),
      password: this.#decode(colon < 0 ? "" : userInfo.slice(colon + 1)),
      database: this.#decode(path),
      hosts: places.map(([, host = ""]) => this.#decode(host.replace(/^\[|\]$/g, ""))),
      ports: places.map(([, , port = ""]) => port),
      parameters: this.#parameters(query),
    };
  }

  /** A port as it is written; the usual one by default. @throws {LoadError} `config_invalid` */
  port(text: string): number {
    const port = text === "" ? this.#syntax.port : /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
    if (port < 1 || port > 65_535) throw this.invalid("its port is not a number from 1 to 65535");
    return port;
  }

  /** The error for a URL; `what` is the end of a sentence about it, without a piece of it. */
  invalid(what: string): LoadError {
    return invalidUrl(what, `The url of a ${this.#syntax.family} database`);
  }

  #parameters(query: string): ReadonlyMap<string, string> {
    const parameters = new Map<string, string>();
    for (const [i, pair] of query.split("&").filter((p) => p !== "").entries()) {
      const equals = pair.indexOf("=");
      const name = this.#decode(equals < 0 ? pair : pair.slice(0, equals));
      const value = this.#decode(equals < 0 ? "" : pair.slice(equals + 1));
      const fault = this.#syntax.parameterFault(name, { value, position: i + 1 });
      if (fault !== undefined) throw this.invalid(fault);
      if (parameters.has(name)) {
        throw this.invalid(`it has its parameter ${name.toLowerCase()} twice`);
      }
      parameters.set(name, value);
    }
    return parameters;
  }

  #decode(text: string): string {
    let decoded: string;
    try {
      decoded = decodeURIComponent(text);
    } catch {
      throw this.#malformed();
    }
    if (decoded.includes("\0")) throw this.invalid("it contains U+0000");
    return decoded;
  }

  #malformed(): LoadError {
    return this.invalid(
      `expected ${
        this.#syntax.schemes[0]
      }://user:password@host:port/database; characters such as ` +
        "/ ? # @ % in a user or a password must be percent-encoded",
    );
  }
}

/** What can be asked for: a table of routes is what the server answers by, and what documents it. */
import type * as v from "valibot";
import type { ApiActions } from "./actions.ts";

/** What a request does. */
export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** One request, as far as a route needs it. */
export interface Call<Query = unknown> {
  /** What stands in the path for the names of the pattern, decoded. */
  readonly names: Readonly<Record<string, string>>;
  /** What stands behind the question mark, as the route's schema makes it. */
  readonly query: Query;
  readonly request: Request;
  readonly actions: ApiActions;
  /** How the program can be changed by whoever asks here. */
  readonly operate: "no" | "token" | "open";
  /** Every route that is answered here. */
  readonly routes: readonly Route[];
  /** Aborted where the server ends: an answer that goes on and on ends then. */
  readonly closing: AbortSignal;
}

/** What is answered where all is well: JSON of a schema, or something else, or either. */
interface Answer<Body> {
  readonly status: 200 | 202;
  /** What JSON it is; left out where it is none. */
  readonly schema?: v.GenericSchema<unknown, Body>;
  /** The media type of what else it is; the route makes that response. */
  readonly type?: string;
}

/** Something that can be asked for. */
export interface RouteSpec<Query, Body> {
  readonly method: Method;
  /** Names in braces stand for one segment each: `/loads/{name}/run`. */
  readonly path: string;
  /** What it does, in a sentence. */
  readonly about: string;
  /**
   * Who may ask: `anyone`, since it tells nothing that somebody should not know; `readers`, who are on
   * this machine or have the token; `operators`, who have the token or the Unix socket. What changes
   * something is for operators, of a program that brings `changes`.
   */
  readonly access: "anyone" | "readers" | "operators";
  /** What may stand behind the question mark, each a text. */
  readonly query?: v.GenericSchema<unknown, Query>;
  /** Why nobody may ask now, though they have the token; they may by default. */
  readonly shut?: (actions: ApiActions) => string | undefined;
  /** What a request has to bring; a request with a body is refused unread where this is left out. */
  readonly body?: { readonly type: string; readonly bytesMax: number };
  /** Headers that it may bring, each with what it says. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer: Answer<Body>;
  /** Answers of another status and form than a refusal. */
  readonly others?: Readonly<Record<number, v.GenericSchema>>;
  /** Statuses of refusals of its own, each with why. */
  readonly refusals?: Readonly<Record<number, string>>;
  /** Answers it: what its schema says, or a response. @throws {LoadError} which becomes a refusal */
  act(call: Call<Query>): Body | Response | Promise<Body | Response>;
}

/** A route of the table. */
export type Route = RouteSpec<unknown, unknown>;

/** Makes one, whose answer is held to its schema by the compiler. */
export function route<Query, Body>(spec: RouteSpec<Query, Body>): Route {
  return spec;
}

/** What stands in a path for the names of a pattern, decoded; undefined where it does not fit. */
export function namesIn(
  pattern: string,
  pathname: string,
): Readonly<Record<string, string>> | undefined {
  const [wanted, given] = [pattern.split("/"), pathname.split("/")];
  if (wanted.length !== given.length) return undefined;
  const names: Record<string, string> = {};
  for (const [i, segment] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined) {
      if (segment !== given[i]) return undefined;
      continue;
    }
    const value = decoded(given[i]!);
    if (value === undefined) return undefined;
    names[name] = value;
  }
  return names;
}

/** A name as it stands in a path; undefined where it is none. */
function decoded(written: string): string | undefined {
  try {
    return written === "" ? undefined : decodeURIComponent(written);
  } catch {
    return undefined;
  }
}

/** Where the rows of a table go: the target that was named, a route, or the default. */
import { LoadError } from "../model/errors.ts";
import { schemeOf } from "../model/url_scheme.ts";
import type { ConfigFile, NamedBackend, Route } from "./config_content.ts";
import { splitTargets } from "./split_targets.ts";

/** The backend to load into. */
export type Target =
  | { readonly kind: "named"; readonly name: string; readonly backend: NamedBackend }
  /** The scheme says which backend type it is; lower case, without the colon. */
  | { readonly kind: "url"; readonly scheme: string; readonly url: string };

/** A target, in words without secrets. */
export function nameOfTarget(target: Target): string {
  return target.kind === "named" ? target.name : `${target.scheme}:`;
}

/** What the user says of the target. */
export interface TargetRequest {
  /** A backend's name or a URL, where the user gives one. */
  readonly to?: string;
  /** The table, where it is known. */
  readonly table?: string;
  /** Targets as people write them, for messages: at least one. */
  readonly examples: readonly string[];
}

/**
 * Chooses the target: `to` as the name of a backend of the configuration, else as a URL; without it
 * the first route whose pattern fits the table, else the default. Messages never repeat a URL: it may
 * carry a password.
 *
 * @throws {LoadError} `usage` where nothing fits, listing what is there, and where a URL holds another
 */
export function chooseTarget(config: ConfigFile, request: TargetRequest): Target {
  if (request.to !== undefined) {
    checkOne(config, request.to, request.examples);
    return named(config, request.to) ?? urlTarget(request.to) ??
      fail(unreadable(config, request.to, request.examples));
  }
  const { table } = request;
  const route = table === undefined ? undefined : routeOf(config.routes, table);
  const name = route?.backend ?? config.default;
  return (name === undefined ? undefined : named(config, name)) ??
    fail(nothingFits(config, request));
}

/** The first route whose pattern fits the table. */
export function routeOf(routes: readonly Route[], table: string): Route | undefined {
  return routes.find((route) => patternFits(route.table, table));
}

/**
 * Whether a pattern fits a table's whole name; `*` stands for any number of any characters. Linear
 * in the length of the name for each `*`, whatever the pattern.
 */
export function patternFits(pattern: string, table: string): boolean {
  const [head = "", ...rest] = pattern.split("*");
  if (!table.startsWith(head)) return false;
  const tail = rest.pop();
  if (tail === undefined) return table === head;
  let at = head.length;
  for (const piece of rest) {
    const found = table.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return table.length - tail.length >= at && table.endsWith(tail);
}

function named(config: ConfigFile, name: string): Target | undefined {
  const backend = config.backends.get(name);
  return backend && { kind: "named", name, backend };
}

function urlTarget(text: string): Target | undefined {
  const scheme = schemeOf(text);
  return scheme === undefined ? undefined : { kind: "url", scheme, url: text };
}

/** @throws {LoadError} `usage` where several stand in the text: as one, they would be an odd path */
function checkOne({ backends }: ConfigFile, to: string, examples: readonly string[]): void {
  const schemes = examples.map((example) => example.slice(0, example.indexOf(":")));
  if (splitTargets(to, { schemes, names: [...backends.keys()] }).length === 1) return;
  fail(
    "One target was expected, and another begins behind a comma. Give one; several, where a load " +
      "takes them, stand in a list. A path with such a comma is given as the url of a backend of " +
      "the configuration",
  );
}

/** What looks like the path of a file, and could be nothing of a connection string. */
const PATH = /^[\w./-]*[\w-]\.[A-Za-z]\w{0,9}$/;

function unreadable(config: ConfigFile, to: string, examples: readonly string[]): string {
  // Whatever could be a piece of a connection string is not repeated.
  const shown = /^[\w./-]+$/.test(to) ? `: ${to}` : "";
  const names = [...config.backends.keys()];
  const known = names.length === 0
    ? "nor a backend of the configuration, which has none"
    : `nor one of the backends of the configuration (${names.join(", ")})`;
  const files = examples.filter((example) => !example.includes("://"));
  if (PATH.test(to) && files.length > 0) {
    const ways = files.map((example) => `${example.slice(0, example.indexOf(":"))}:${to}`);
    return `The target is a file, and may be of several databases; say of which: ${listed(ways)}`;
  }
  return `The target is neither a URL, such as ${listed(examples)}, ${known}${shown}`;
}

function nothingFits(config: ConfigFile, { table, examples }: TargetRequest): string {
  const way = `Name a target, as in --to ${listed(examples)}`;
  if (config.backends.size === 0) return `No target was named. ${way}`;
  const subject = table === undefined ? "The load names no table" : `No route fits table ${table}`;
  const routes = config.routes.map((route) => `${route.table} to ${route.backend}`).join(", ");
  return `${subject}, and the configuration has no default. ${way}, or one of its backends ` +
    `(${namesOf(config)}); its routes are: ${routes || "none"}`;
}

function listed(examples: readonly string[]): string {
  return examples.join(", ").replace(/, (?=[^,]*$)/, " or ");
}

function namesOf(config: ConfigFile): string {
  return [...config.backends.keys()].join(", ") || "there are none";
}

function fail(message: string): never {
  throw new LoadError(message, { code: "usage", blame: "config" });
}
